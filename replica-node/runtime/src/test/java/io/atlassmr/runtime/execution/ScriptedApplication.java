package io.atlassmr.runtime.execution;

import io.atlassmr.api.Application;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers "did X" to the operation X, unless a test says otherwise, and remembers what it was asked to do. */
final class ScriptedApplication implements Application, MonolithicState {

    final List<String> operations = new ArrayList<>();
    final List<OrderedContext> contexts = new ArrayList<>();
    private final Map<String, byte[]> answers = new HashMap<>();
    private final Map<String, Runnable> before = new HashMap<>();

    /** Sets the result of an operation. */
    void answer(String operation, byte[] result) {
        answers.put(operation, result);
    }

    /** Runs something when the operation is executed; it may throw. */
    void failOn(String operation, Runnable failure) {
        before.put(operation, failure);
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context) {
        String name = new String(operation, StandardCharsets.UTF_8);
        operations.add(name);
        contexts.add(context);
        return result(name, "did " + name);
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
        String name = new String(operation, StandardCharsets.UTF_8);
        return result(name, "read " + name + " at " + context.version());
    }

    private byte[] result(String name, String usual) {
        before.getOrDefault(name, () -> {}).run();
        return answers.containsKey(name) ? answers.get(name) : usual.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ReplicatedState state() {
        return this;
    }

    @Override
    public Image capture() {
        return new Image() {
            @Override
            public void writeTo(OutputStream output) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public void restore(InputStream input) {}
}
