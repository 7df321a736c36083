package io.atlassmr.client;

/** Shortens text that came from outside before it goes into a message. */
final class Excerpt {

    private static final int MAX_CHARACTERS = 200;

    private Excerpt() {}

    /** The text's beginning, without control characters that could forge lines of a log. */
    static String of(String text) {
        String start = text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "...";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
