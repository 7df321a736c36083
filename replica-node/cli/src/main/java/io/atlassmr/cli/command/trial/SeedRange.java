package io.atlassmr.cli.command.trial;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds from one to another, both included. */
record SeedRange(long first, long last) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
    private static final long MOST = 10_000_000;

    long count() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first + ".." + last;
    }

    /** Reads {@code A..B}. */
    static final class Converter implements ITypeConverter<SeedRange> {

        @Override
        public SeedRange convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "it is two whole numbers with two dots between, as in 1..1000, got \"" + text + "\"");
            }
            SeedRange range = new SeedRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            if (range.last() < range.first() || range.count() > MOST) {
                throw new TypeConversionException(
                        "it has 1 to " + MOST + " seeds, the first not above the last, got " + text);
            }
            return range;
        }
    }
}
