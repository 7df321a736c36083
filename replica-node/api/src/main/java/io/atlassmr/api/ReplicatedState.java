package io.atlassmr.api;

/** A state that can be captured while it goes on changing, and put back elsewhere: as one stream, or in parts. */
public sealed interface ReplicatedState permits MonolithicState, DivisibleState {}
