package io.atlassmr.protocol.accusation;

/** Told what evidence means for the rest of a replica. */
@FunctionalInterface
public interface EvidenceListener {

    /** It is proven, and was not before, that this member lies. */
    void onLiar(int member);
}
