package io.atlassmr.cli.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics in the text form that Prometheus reads. */
record PrometheusText(String text) {

    private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(\\{.*})? (\\S+)( \\d+)?$");

    /** The sum of all samples of this name whose labels contain {@code label}; 0 if there are none. */
    double sum(String name, String label) {
        return text.lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .filter(sample -> sample.group(1).equals(name))
                .filter(sample -> label.isEmpty()
                        || (sample.group(2) != null && sample.group(2).contains(label)))
                .mapToDouble(sample -> Double.parseDouble(sample.group(3)))
                .sum();
    }
}
