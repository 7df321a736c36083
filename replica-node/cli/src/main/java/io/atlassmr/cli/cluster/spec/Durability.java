package io.atlassmr.cli.cluster.spec;

import java.util.Locale;

/** What of a replica survives a crash: {@code atlas.durability} of its configuration. */
public enum Durability {
    /** Votes and decisions are on disk before they are answered for. */
    STRICT,
    /** They reach the disk within a bounded delay. */
    RELAXED,
    /** Nothing is forced to disk. */
    NONE;

    /** As options and configuration files spell it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
