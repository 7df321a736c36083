package io.atlassmr.api;

/**
 * What all replicas agree on about an ordered request.
 *
 * @param sequenceNumber position of the request's batch in the total order, from 1
 * @param indexInBatch position of the request among the executed requests of its batch, from 0
 * @param agreedTimeMillis the batch's agreed time in milliseconds since the Unix epoch; never decreases
 * @param clientId the identity that signed the request
 */
public record OrderedContext(long sequenceNumber, int indexInBatch, long agreedTimeMillis, ClientId clientId) {}
