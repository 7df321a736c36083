package io.atlassmr.bench;

/** Told how far a load is, in the thread that makes it: whoever takes long here delays the load. */
public interface LoadListener {

    /** The warm-up is over. */
    default void measuringBegins() {}

    /**
     * Comes every millisecond or so.
     *
     * @param measuredNanos how long it has been measuring; negative during the warm-up
     * @param completed operations measured that ended well
     * @param failed operations measured that failed
     */
    default void progress(long measuredNanos, long completed, long failed) {}

    /** What ends from now on is not measured. */
    default void measuringEnds() {}
}
