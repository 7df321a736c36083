package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Messages of views that are not open here yet, kept within bounds for each signer; a signer's oldest make room. */
final class FutureMessages {

    private static final long MAX_BYTES_PER_SIGNER = 16L << 20;
    private static final long SMALL_MESSAGE_BYTES = 256;

    private static final class OfSigner {
        final List<MessageReceived> messages = new ArrayList<>();
        long sizeBytes;
    }

    private final int maxPerSigner;
    private final TreeMap<Integer, OfSigner> bySigner = new TreeMap<>();

    FutureMessages(int maxPerSigner) {
        this.maxPerSigner = maxPerSigner;
    }

    void keep(MessageReceived message) {
        OfSigner kept = bySigner.computeIfAbsent(message.signed().signer(), _ -> new OfSigner());
        kept.messages.add(message);
        kept.sizeBytes += sizeBytes(message);
        while (kept.messages.size() > maxPerSigner || kept.sizeBytes > MAX_BYTES_PER_SIGNER) {
            kept.sizeBytes -= sizeBytes(kept.messages.removeFirst());
        }
    }

    /** Gives out all messages and forgets them. */
    List<MessageReceived> takeAll() {
        List<MessageReceived> taken = new ArrayList<>();
        bySigner.values().forEach(kept -> taken.addAll(kept.messages));
        bySigner.clear();
        return taken;
    }

    /** Gives out the messages of this view and forgets those of earlier ones. */
    List<MessageReceived> takeUpTo(long view) {
        List<MessageReceived> taken = new ArrayList<>();
        for (OfSigner kept : bySigner.values()) {
            kept.messages.removeIf(message -> {
                long of = message.signed().message().view();
                if (of == view) {
                    taken.add(message);
                }
                if (of <= view) {
                    kept.sizeBytes -= sizeBytes(message);
                }
                return of <= view;
            });
        }
        return taken;
    }

    private static long sizeBytes(MessageReceived message) {
        return SMALL_MESSAGE_BYTES
                + (message.batch() == null ? 0 : message.batch().encoded().length);
    }
}
