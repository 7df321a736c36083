package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;

/** Makes commands, for those who may ask for them. */
public final class CommandSigning {

    private CommandSigning() {}

    /**
     * A command with its signature.
     *
     * @param number ascends for each signer within an epoch
     * @param expectedEpoch the command is refused in any other
     */
    public static SignedCommand sign(
            String clusterId, Signer signer, long number, long expectedEpoch, Command command) {
        PublicKey key = PublicKey.of(signer.publicKey());
        byte[] payload = CommandCodec.payload(key, number, expectedEpoch, command);
        return new SignedCommand(
                Sha256.of(payload),
                key,
                number,
                expectedEpoch,
                command,
                payload,
                signer.sign(CommandVerifier.statement(clusterId, payload)));
    }

    /** The command by which a member goes over to another key. */
    public static SignedCommand rotation(
            String clusterId, int id, Signer oldKey, Signer newKey, long number, long expectedEpoch) {
        byte[] proof = newKey.sign(CommandVerifier.newKeyStatement(clusterId, expectedEpoch, id));
        return sign(
                clusterId,
                oldKey,
                number,
                expectedEpoch,
                new Command.RotateKey(id, PublicKey.of(newKey.publicKey()), proof));
    }
}
