package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Checks the signatures of commands: that the signer signed, and that a new key belongs to somebody who has it. Whether the signer
 * may ask for what it asks is decided in the total order; the approvals of a join are the membership's to check. Thread-safe.
 */
public final class CommandVerifier {

    private static final byte[] COMMAND = "atlas/reconfiguration/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEW_KEY = "atlas/new-key/v1\0".getBytes(StandardCharsets.US_ASCII);

    private final String clusterId;
    private final SignatureVerifier verifier;

    public CommandVerifier(String clusterId, SignatureVerifier verifier) {
        this.clusterId = clusterId;
        this.verifier = verifier;
    }

    /** What the signer of a command signs. */
    public static byte[] statement(String clusterId, byte[] payload) {
        byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(COMMAND.length + 1 + cluster.length + payload.length)
                .put(COMMAND)
                .put((byte) cluster.length)
                .put(cluster)
                .put(payload)
                .array();
    }

    /** What the new key of a member signs. */
    public static byte[] newKeyStatement(String clusterId, long epoch, int id) {
        byte[] cluster = clusterId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(NEW_KEY.length + 1 + cluster.length + Long.BYTES + Integer.BYTES)
                .put(NEW_KEY)
                .put((byte) cluster.length)
                .put(cluster)
                .putLong(epoch)
                .putInt(id)
                .array();
    }

    /** Whether the signatures in it, other than approvals and those in a proof, are good. */
    public boolean verify(SignedCommand signed) {
        if (signed.signer() == null) {
            return true;
        }
        boolean isSigned = verifier.verify(
                signed.signer().toByteArray(), statement(clusterId, signed.payload()), signed.signature());
        return isSigned
                && switch (signed.command()) {
                    case Command.RotateKey(int id, var newKey, byte[] proof) ->
                        verifier.verify(
                                newKey.toByteArray(), newKeyStatement(clusterId, signed.expectedEpoch(), id), proof);
                    default -> true;
                };
    }
}
