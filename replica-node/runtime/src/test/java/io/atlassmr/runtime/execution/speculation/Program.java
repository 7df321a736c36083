package io.atlassmr.runtime.execution.speculation;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.runtime.fixture.Entries;
import java.nio.charset.StandardCharsets;

/**
 * An application whose operations are small programs: words, each an instruction on keys of few letters, whose results the reply
 * joins. What an instruction does may depend on what others left, so that an operation executed on stale entries reads and writes
 * other keys than it should.
 */
final class Program implements ScalableApplication {

    final Entries entries = new Entries();

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
        StringBuilder results = new StringBuilder();
        for (String instruction : text(operation).split(" ", -1)) {
            results.append(run(instruction.split(":", -1), context, view)).append(' ');
        }
        return bytes(results.toString());
    }

    private static String run(String[] words, OrderedContext context, CrudView view) {
        return switch (words[0]) {
            case "create" -> "" + view.create(bytes(words[1]), bytes(words[2]));
            case "update" -> "" + view.update(bytes(words[1]), bytes(words[2]));
            case "put" -> {
                view.put(bytes(words[1]), bytes(words[2]));
                yield "put";
            }
            case "delete" -> "" + view.delete(bytes(words[1]));
            case "read" -> text(view.read(bytes(words[1])));
            case "scan" -> scan(words[1], words[2], Integer.parseInt(words[3]), view);
            case "count" -> {
                view.put(bytes(words[1]), bytes(scan("", "~", 1000, view)));
                yield "counted";
            }
            // Copies the value of one key to the key that another names.
            case "follow" -> {
                String target = text(view.read(bytes(words[1])));
                view.put(bytes(target.equals("-") ? "x" : target.substring(0, 1)), bytes(words[2]));
                yield target;
            }
            case "append" -> {
                String longer = text(view.read(bytes(words[1]))) + words[2];
                view.put(bytes(words[1]), bytes(longer.substring(Math.max(0, longer.length() - 20))));
                yield longer;
            }
            case "failIf" -> {
                if (view.read(bytes(words[1])) != null) {
                    throw new IllegalStateException(words[1] + " is there");
                }
                yield "fine";
            }
            case "index" -> "" + context.indexInBatch();
            default -> throw new IllegalArgumentException("no instruction " + words[0]);
        };
    }

    private static String scan(String from, String to, int limit, ReadView view) {
        StringBuilder found = new StringBuilder();
        view.scan(bytes(from), bytes(to), limit)
                .forEach(entry -> found.append(text(entry.key()))
                        .append('=')
                        .append(text(entry.value()))
                        .append(','));
        return found.toString();
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
        return bytes(scan("", "~", 1000, view));
    }

    @Override
    public CrudState entries() {
        return entries;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? "-" : new String(bytes, StandardCharsets.UTF_8);
    }
}
