package io.atlassmr.cli.terminal;

/** Numbers as a report has them. */
public final class Decimals {

    private Decimals() {}

    /** The number with so many digits after the point. */
    public static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
