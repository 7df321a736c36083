package io.atlassmr.protocol.accusation;

/** Told what evidence means for the rest of a replica. */
@FunctionalInterface
public interface EvidenceListener {

    /** It is proven that this member lied in this epoch; told once for each lie, and again when that epoch begins here. */
    void onLie(int member, long epoch);
}
