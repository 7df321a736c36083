package io.atlassmr.protocol.message;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import java.util.List;

/**
 * Requests of one client under one signature, with the bytes they came as. Equal digests mean equal bundles.
 *
 * @param digest SHA-256 of {@code payload}
 * @param clientId who signed
 * @param signedAtMillis the client's clock when it signed
 * @param answeredBelow the client holds the answers of all numbers below
 * @param requests ascending by number
 * @param answerFrom ids of the replicas that are to answer once it is executed; none for all
 * @param payload the signed bytes; not to be changed by whoever holds them
 * @param signature of the client
 */
public record ClientBundle(
        Digest digest,
        ClientId clientId,
        long signedAtMillis,
        long answeredBelow,
        List<ClientRequest> requests,
        List<Integer> answerFrom,
        byte[] payload,
        byte[] signature) {

    public ClientBundle {
        requests = List.copyOf(requests);
        answerFrom = List.copyOf(answerFrom);
    }

    /** A bundle that all replicas are to answer. */
    public ClientBundle(
            Digest digest,
            ClientId clientId,
            long signedAtMillis,
            long answeredBelow,
            List<ClientRequest> requests,
            byte[] payload,
            byte[] signature) {
        this(digest, clientId, signedAtMillis, answeredBelow, requests, List.of(), payload, signature);
    }

    /** Whether its client wants this replica's answer. */
    public boolean isAnsweredBy(int replica) {
        return answerFrom.isEmpty() || answerFrom.contains(replica);
    }

    /** What the bundle adds to a batch. */
    public int sizeBytes() {
        return payload.length + signature.length + 16;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientBundle that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
