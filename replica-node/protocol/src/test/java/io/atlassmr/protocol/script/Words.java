package io.atlassmr.protocol.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a command. What stands in braces or parentheses belongs to one word. */
final class Words {

    private static final Pattern WORD = Pattern.compile("(?:\\([^)]*\\)|\\{[^}]*}|[^\\s({])+");

    private final String line;
    private final ArrayDeque<String> words = new ArrayDeque<>();

    Words(String line) {
        this.line = line;
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group());
        }
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    boolean startsWith(String word) {
        return word.equals(words.peek());
    }

    /** Takes the word if it is the next one. */
    boolean take(String word) {
        return startsWith(word) && words.poll() != null;
    }

    String next() {
        if (words.isEmpty()) {
            throw new ScriptException("a word is missing at the end of \"" + line + "\"");
        }
        return words.poll();
    }

    void expect(String word) {
        if (!take(word)) {
            throw new ScriptException("\"" + word + "\" expected in \"" + line + "\"");
        }
    }

    /** A number after a letter, such as the 3 of {@code s3}. */
    long number(char letter) {
        String word = next();
        if (word.charAt(0) != letter) {
            throw new ScriptException("\"" + letter + "\" and a number expected, not \"" + word + "\"");
        }
        return Long.parseLong(word.substring(1));
    }

    long number() {
        return Long.parseLong(next());
    }

    List<String> rest() {
        List<String> rest = new ArrayList<>(words);
        words.clear();
        return rest;
    }

    void end() {
        if (!words.isEmpty()) {
            throw new ScriptException("too many words in \"" + line + "\": " + words);
        }
    }

    /** Ids such as {@code 1,2,3}. */
    static List<Integer> ids(String word) {
        List<Integer> ids = new ArrayList<>();
        for (String id : word.split(",", -1)) {
            ids.add(Integer.parseInt(id.strip()));
        }
        return ids;
    }
}
