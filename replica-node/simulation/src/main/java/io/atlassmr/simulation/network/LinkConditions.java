package io.atlassmr.simulation.network;

/**
 * How a link treats frames.
 *
 * @param minDelayMicros the shortest time under way
 * @param meanExtraMicros mean of what comes on top
 * @param lossPermille how many frames of a thousand are lost
 * @param duplicatePermille how many arrive twice
 * @param keepsOrder whether frames arrive in the order they were sent in, duplicates apart
 * @param bytesPerSecond how much fits through, 0 for any amount
 */
public record LinkConditions(
        long minDelayMicros,
        long meanExtraMicros,
        int lossPermille,
        int duplicatePermille,
        boolean keepsOrder,
        long bytesPerSecond) {

    /** A healthy local network. */
    public static final LinkConditions GOOD = new LinkConditions(80, 60, 0, 0, true, 0);

    /** These conditions with another loss. */
    public LinkConditions withLoss(int permille) {
        return new LinkConditions(
                minDelayMicros, meanExtraMicros, permille, duplicatePermille, keepsOrder, bytesPerSecond);
    }

    /** These conditions with other delays. */
    public LinkConditions withDelay(long minMicros, long extraMicros) {
        return new LinkConditions(minMicros, extraMicros, lossPermille, duplicatePermille, keepsOrder, bytesPerSecond);
    }

    /** These conditions with duplicates. */
    public LinkConditions withDuplicates(int permille) {
        return new LinkConditions(minDelayMicros, meanExtraMicros, lossPermille, permille, keepsOrder, bytesPerSecond);
    }

    /** These conditions without order. */
    public LinkConditions withoutOrder() {
        return new LinkConditions(
                minDelayMicros, meanExtraMicros, lossPermille, duplicatePermille, false, bytesPerSecond);
    }

    /** These conditions with a bound to what fits through. */
    public LinkConditions withBandwidth(long bytesEachSecond) {
        return new LinkConditions(
                minDelayMicros, meanExtraMicros, lossPermille, duplicatePermille, keepsOrder, bytesEachSecond);
    }
}
