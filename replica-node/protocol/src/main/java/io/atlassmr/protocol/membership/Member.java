package io.atlassmr.protocol.membership;

import io.atlassmr.crypto.hash.Digest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One voter of a membership.
 *
 * @param id the replica's id, from 0, never reused
 * @param publicKey raw 32-byte Ed25519 identity key; not to be changed by whoever holds it
 * @param host name or address the replica listens on
 * @param peerPort port for replicas, 1 to 65535
 * @param clientPort port for clients, 1 to 65535
 */
public record Member(int id, byte[] publicKey, String host, int peerPort, int clientPort) {

    public Member {
        if (id < 0) {
            throw new IllegalArgumentException("a replica id is not negative, got " + id);
        }
        if (publicKey.length != Digest.SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "the public key of replica " + id + " has " + publicKey.length + " bytes, not 32");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member that
                && id == that.id
                && Arrays.equals(publicKey, that.publicKey)
                && host.equals(that.host)
                && peerPort == that.peerPort
                && clientPort == that.clientPort;
    }

    /** For a person: the key by its first bytes. */
    @Override
    public String toString() {
        return "replica " + id + " " + HexFormat.of().formatHex(publicKey, 0, 6) + " at " + host + ":" + peerPort + "/"
                + clientPort;
    }

    @Override
    public int hashCode() {
        return id;
    }
}
