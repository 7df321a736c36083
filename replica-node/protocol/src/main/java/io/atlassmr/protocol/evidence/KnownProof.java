package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;

/**
 * The name of a proof that somebody has.
 *
 * @param epoch that it is about
 */
public record KnownProof(int accused, long epoch, Severity severity, Digest id) {}
