package io.atlassmr.protocol.membership;

/**
 * The sizes that agreement among {@code n} replicas rests on.
 *
 * <p>{@code f = ⌊(n−1)/3⌋} replicas may lie. A quorum is {@code q = ⌊(n+f)/2⌋ + 1}: any two quorums share at least
 * {@code f + 1} replicas, one of them honest, and {@code n − f} honest replicas can form one. The familiar {@code 2f + 1}
 * holds only at {@code n = 3f + 1}.
 *
 * @param n number of voters, at least 4
 */
public record Quorum(int n) {

    /** The smallest membership that tolerates a liar. */
    public static final int MIN_MEMBERS = 4;

    public Quorum {
        if (n < MIN_MEMBERS) {
            throw new IllegalArgumentException("a membership has at least " + MIN_MEMBERS + " replicas, got " + n);
        }
    }

    /** How many replicas may lie. */
    public int f() {
        return (n - 1) / 3;
    }

    /** How many votes decide. */
    public int size() {
        return (n + f()) / 2 + 1;
    }

    /** How many equal claims contain an honest one: {@code f + 1}. */
    public int oneHonest() {
        return f() + 1;
    }
}
