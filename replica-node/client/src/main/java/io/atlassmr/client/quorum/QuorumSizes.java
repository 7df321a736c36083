package io.atlassmr.client.quorum;

/**
 * How many equal answers convince, among {@code n} replicas of which {@code f = ⌊(n−1)/3⌋} may lie.
 *
 * @param n number of replicas, at least 1
 */
public record QuorumSizes(int n) {

    /** How many replicas may lie. */
    public int f() {
        return (n - 1) / 3;
    }

    /** So many equal answers include an honest replica's. */
    public int oneHonest() {
        return f() + 1;
    }

    /** So many answers come even if all that may lie say nothing. */
    public int allButFaulty() {
        return n - f();
    }

    /** Any two groups of this size share an honest replica: {@code q = ⌊(n+f)/2⌋ + 1}. */
    public int quorum() {
        return (n + f()) / 2 + 1;
    }
}
