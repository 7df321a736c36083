package io.atlassmr.server.messaging;

import io.atlassmr.protocol.session.Reply;
import java.util.List;

/**
 * A decision that this replica executed, for other systems. Each replica tells its own story: a consumer that trusts no single
 * one takes what {@code f + 1} of them tell alike. Sequence numbers rise by one; a repeated one is a duplicate, a missing one was
 * dropped because the consumer was too slow, or decided while this replica was down.
 *
 * @param replicaId who tells it
 * @param sequenceNumber position in the total order
 * @param view in which it was decided
 * @param agreedTimeMillis the time that the replicas agreed on; 0 in a decision about nothing
 * @param batchDigest SHA-256 of what was decided, in hexadecimal
 * @param stateDigest digest over everything executed up to here, in hexadecimal; equal at all honest replicas
 * @param requests in order of execution; repetitions of requests executed before are among them
 * @param replies by client, in order of execution; without those that were given before
 */
public record DecisionEvent(
        String clusterId,
        long epoch,
        int replicaId,
        long sequenceNumber,
        long view,
        long agreedTimeMillis,
        String batchDigest,
        String stateDigest,
        List<Request> requests,
        List<Answer> replies) {

    public DecisionEvent {
        requests = List.copyOf(requests);
        replies = List.copyOf(replies);
    }

    /**
     * A request in the decision.
     *
     * @param client the client's key, in hexadecimal
     * @param number the client's own
     * @param operation the application's bytes, not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Request(String client, long number, byte[] operation) {}

    /**
     * The answer to a request.
     *
     * @param client the client's key, in hexadecimal
     * @param number of the request
     * @param result the application's bytes, or a reason in UTF-8; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(String client, long number, Reply.Outcome outcome, byte[] result) {}
}
