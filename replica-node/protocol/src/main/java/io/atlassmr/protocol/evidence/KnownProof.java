package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;

/** The name of a proof that somebody has. */
public record KnownProof(int accused, Digest id) {}
