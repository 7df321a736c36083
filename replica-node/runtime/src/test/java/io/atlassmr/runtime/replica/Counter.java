package io.atlassmr.runtime.replica;

import io.atlassmr.api.Application;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Counts what it executed; the operation "op666" breaks it. */
final class Counter implements Application, MonolithicState {
    private int executed;

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context) {
        if (new String(operation, StandardCharsets.UTF_8).equals("op666")) {
            throw new OutOfMemoryError("on purpose");
        }
        return String.valueOf(++executed).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
        return String.valueOf(executed).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public ReplicatedState state() {
        return this;
    }

    @Override
    public Image capture() {
        String count = String.valueOf(executed);
        return new Image() {
            @Override
            public void writeTo(OutputStream output) throws IOException {
                output.write(count.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void restore(InputStream input) throws IOException {
        executed = Integer.parseInt(new String(input.readAllBytes(), StandardCharsets.UTF_8));
    }
}
