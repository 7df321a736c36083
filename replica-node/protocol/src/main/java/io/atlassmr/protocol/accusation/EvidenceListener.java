package io.atlassmr.protocol.accusation;

import io.atlassmr.protocol.evidence.Proof;

/** Told what evidence means for the rest of a replica. */
@FunctionalInterface
public interface EvidenceListener {

    /** It is proven that a member lied; told once for each lie, and again when the epoch of the lie begins here. */
    void onLie(Proof proof);
}
