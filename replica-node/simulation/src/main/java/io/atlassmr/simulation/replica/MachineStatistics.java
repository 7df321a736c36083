package io.atlassmr.simulation.replica;

/** What happened to one machine in a run. */
public final class MachineStatistics {

    long crashes;
    long crashesAtWrite;
    long lostWrites;
    long tornWrites;
    long refusedFrames;
    long installedViews;
    long installs;
    long checkpoints;

    /** Processes that died. */
    public long crashes() {
        return crashes;
    }

    /** Processes that died right after a write. */
    public long crashesAtWrite() {
        return crashesAtWrite;
    }

    /** Writes lost in power failures. */
    public long lostWrites() {
        return lostWrites;
    }

    /** Power failures that left half a write. */
    public long tornWrites() {
        return tornWrites;
    }

    /** Frames that were not believed. */
    public long refusedFrames() {
        return refusedFrames;
    }

    /** States taken over from peers. */
    public long installs() {
        return installs;
    }

    /** Checkpoints that became stable. */
    public long checkpoints() {
        return checkpoints;
    }

    /** Views entered. */
    public long installedViews() {
        return installedViews;
    }
}
