package io.atlassmr.runtime.execution;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.Entries;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/**
 * Counts, for each operation, how often it was executed, in an entry with its name; two entries "low" and "high" are always set to
 * the same number. A test may say what else an operation does.
 */
final class ScriptedEntries implements ScalableApplication {

    final Entries entries = new Entries();
    private final Map<String, BiFunction<CrudView, OrderedContext, byte[]>> scripts = new ConcurrentHashMap<>();

    /** What an operation does instead. */
    void script(String operation, BiFunction<CrudView, OrderedContext, byte[]> script) {
        scripts.put(operation, script);
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
        String name = text(operation);
        if (scripts.containsKey(name)) {
            return scripts.get(name).apply(view, context);
        }
        byte[] before = view.read(operation);
        view.put(operation, bytes("" + (before == null ? 1 : 1 + Integer.parseInt(text(before)))));
        view.put(bytes("low"), bytes("" + context.sequenceNumber()));
        view.put(bytes("high"), bytes("" + context.sequenceNumber()));
        return bytes("did " + name);
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
        if (text(operation).equals("both")) {
            return bytes(
                    text(view.read(bytes("low"))) + " " + text(view.read(bytes("high"))) + " at " + context.version());
        }
        return bytes(text(view.read(operation)));
    }

    @Override
    public CrudState entries() {
        return entries;
    }

    /** Holds an operation up. */
    static void hold(CountDownLatch until) {
        try {
            Await.open(until);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return bytes == null ? "-" : new String(bytes, StandardCharsets.UTF_8);
    }
}
