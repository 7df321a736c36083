package io.atlassmr.simulation.network;

/** What happened to the frames of a run. */
public final class NetworkStatistics {

    long sent;
    long lostByChance;
    long lostByCut;
    long overflowed;
    long duplicated;
    long reordered;

    void lost(boolean cut) {
        if (cut) {
            lostByCut++;
        } else {
            lostByChance++;
        }
    }

    /** Frames sent. */
    public long sent() {
        return sent;
    }

    /** Frames lost by chance. */
    public long lostByChance() {
        return lostByChance;
    }

    /** Frames lost because the way was cut. */
    public long lostByCut() {
        return lostByCut;
    }

    /** Frames dropped because too many waited for a slow link. */
    public long overflowed() {
        return overflowed;
    }

    /** Frames that arrived twice. */
    public long duplicated() {
        return duplicated;
    }

    /** Frames that arrived before one sent earlier. */
    public long reordered() {
        return reordered;
    }
}
