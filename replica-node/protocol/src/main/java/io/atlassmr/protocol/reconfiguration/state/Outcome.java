package io.atlassmr.protocol.reconfiguration.state;

import io.atlassmr.crypto.hash.Digest;

/**
 * What became of a command.
 *
 * @param command its digest
 * @param sequenceNumber of the decision it is in
 * @param refusal why it was not done; null if it was
 */
public record Outcome(Digest command, long sequenceNumber, Refusal refusal) {}
