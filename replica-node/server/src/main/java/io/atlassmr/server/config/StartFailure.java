package io.atlassmr.server.config;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line why the process did not start. */
public final class StartFailure {

    private static final String REFERENCE = "docs/reference/configuration.md";

    private static final Pattern MISSING =
            Pattern.compile(".*SRCFG00014: The config property (\\S+) is required but.*", Pattern.DOTALL);
    private static final Pattern EMPTY = Pattern.compile(
            ".*SRCFG00040: The config property (\\S+) is defined as the empty String.*", Pattern.DOTALL);
    private static final Pattern UNKNOWN =
            Pattern.compile(".*SRCFG00050: (\\S+) in (.*) does not map to any root.*", Pattern.DOTALL);
    private static final Pattern MALFORMED = Pattern.compile(
            ".*SRCFG00039: The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted (.*)",
            Pattern.DOTALL);
    private static final Pattern ALLOWED = Pattern.compile(".*allowed values: (.*)", Pattern.DOTALL);
    private static final Pattern EXPECTED = Pattern.compile(".*Expected an? (.*?)(?: value)?, got.*", Pattern.DOTALL);
    private static final Pattern SOURCE = Pattern.compile(".*\\[source=(?:file:)?(.*)](:\\d+)?");

    private StartFailure() {}

    /** The reason, on one line. */
    public static String describe(Throwable failure) {
        return "atlas cannot start: " + reason(failure).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    /** Whether the reason tells all that a person can want to know, so that the place in the code does not matter. */
    public static boolean isUnderstood(Throwable failure) {
        return switch (informative(failure)) {
            case ConfigValidationException _, ConfigurationException _, BindException _ -> true;
            default -> false;
        };
    }

    private static String reason(Throwable failure) {
        return switch (informative(failure)) {
            case ConfigValidationException invalid -> String.join("; ", problems(invalid));
            case ConfigurationException wrong -> wrong.getMessage();
            case BindException taken -> bindFailure(failure) + ": " + taken.getMessage();
            case Throwable other -> other.toString();
        };
    }

    /** The first exception of a kind that is known, else the root. */
    private static Throwable informative(Throwable failure) {
        Throwable current = failure;
        while (current.getCause() != null
                && !(current instanceof ConfigurationException)
                && !(current instanceof ConfigValidationException)) {
            current = current.getCause();
        }
        return current;
    }

    /** What stands directly around the cause names the server and its address. */
    private static String bindFailure(Throwable failure) {
        Throwable current = failure;
        while (current.getCause() != null && !(current.getCause() instanceof BindException)) {
            current = current.getCause();
        }
        return String.valueOf(current.getMessage());
    }

    private static List<String> problems(ConfigValidationException invalid) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            problems.add(problem(invalid.getProblem(i).getMessage()));
        }
        return problems;
    }

    /** Puts a message of the configuration library in our words; one that is not known is left as it is. */
    static String problem(String message) {
        Matcher missing = MISSING.matcher(message);
        if (missing.matches()) {
            return missing.group(1) + " is not set; it is required (" + REFERENCE + ")";
        }
        Matcher empty = EMPTY.matcher(message);
        if (empty.matches()) {
            return empty.group(1) + " is empty; give it a value or leave it out for the default (" + REFERENCE + ")";
        }
        Matcher unknown = UNKNOWN.matcher(message);
        if (unknown.matches()) {
            Matcher source = SOURCE.matcher(unknown.group(2));
            String where = source.matches()
                    ? source.group(1) + (source.group(2) == null ? "" : source.group(2))
                    : unknown.group(2);
            return unknown.group(1) + " in " + where + " is not a key of Atlas; the keys are in " + REFERENCE;
        }
        Matcher malformed = MALFORMED.matcher(message);
        if (malformed.matches()) {
            return malformed.group(1) + " is " + malformed.group(2) + "; it may be " + allowed(malformed.group(3));
        }
        return message;
    }

    private static String allowed(String conversion) {
        Matcher allowed = ALLOWED.matcher(conversion);
        if (allowed.matches()) {
            return "one of " + allowed.group(1).replace(",", ", ");
        }
        Matcher expected = EXPECTED.matcher(conversion);
        if (expected.matches()) {
            return switch (expected.group(1)) {
                case "integer", "long" -> "a whole number";
                default -> "of the kind " + expected.group(1);
            };
        }
        return "what " + REFERENCE + " says: " + conversion;
    }
}
