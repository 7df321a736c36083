package io.atlassmr.simulation.trace;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.time.VirtualTime;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** All that happens in a run, as a digest, and as lines for a person if somebody listens. */
public final class Trace {

    private static final int ENTRY_BYTES = 4 * Long.BYTES + 2 * Integer.BYTES;

    private final VirtualTime time;
    private final Consumer<String> listener;
    private final MessageDigest sha = Sha256.newMessageDigest();
    private final ByteBuffer buffer = ByteBuffer.allocate(256 * ENTRY_BYTES);

    /**
     * @param listener told each line; null if nobody listens
     */
    public Trace(VirtualTime time, Consumer<String> listener) {
        this.time = time;
        this.listener = listener;
    }

    /** Something happened at a node. */
    public void record(int node, TraceEvent event, long first, long second) {
        record(node, event, Nodes.WORLD, first, second, null);
    }

    /** Something happened at a node, with details for a person only. */
    public void record(int node, TraceEvent event, long first, long second, Supplier<?> detail) {
        record(node, event, Nodes.WORLD, first, second, detail);
    }

    /** Something happened at a node that another has a part in. */
    public void record(int node, TraceEvent event, int other, long first, long second, Supplier<?> detail) {
        if (buffer.remaining() < ENTRY_BYTES) {
            flush();
        }
        buffer.putLong(time.nowMicros())
                .putInt(node)
                .putInt(other)
                .putLong(event.name().hashCode())
                .putLong(first)
                .putLong(second);
        if (listener != null) {
            listener.accept(line(node, event, other, first, second, detail));
        }
    }

    private String line(int node, TraceEvent event, int other, long first, long second, Supplier<?> detail) {
        long now = time.nowMicros();
        return String.format(Locale.ROOT, "%4d.%06d %-10s ", now / 1_000_000, now % 1_000_000, Nodes.name(node))
                + String.format(Locale.ROOT, event.text(), first, second, Nodes.name(other))
                + (detail == null ? "" : ": " + detail.get());
    }

    private void flush() {
        sha.update(buffer.flip());
        buffer.clear();
    }

    /** Ends the trace. Equal digests mean that the same things happened at the same times. */
    public Digest finish() {
        flush();
        return Digest.of(sha.digest());
    }
}
