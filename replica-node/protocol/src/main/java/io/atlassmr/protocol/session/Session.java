package io.atlassmr.protocol.session;

import java.util.TreeMap;

/** What is remembered of one client. */
final class Session {

    final TreeMap<Long, Reply> replies;
    long floor;
    long replyBytes;
    long usedAtMillis;
    /** Whether an image shows it: then it must be copied before it changes. */
    boolean shared;

    Session() {
        this.replies = new TreeMap<>();
    }

    Session(Session original) {
        this.replies = new TreeMap<>(original.replies);
        this.floor = original.floor;
        this.replyBytes = original.replyBytes;
        this.usedAtMillis = original.usedAtMillis;
    }

    void remember(Reply reply) {
        replies.put(reply.number(), reply);
        replyBytes += reply.result().length;
    }

    void raiseFloor(long number) {
        floor = Math.max(floor, number);
        while (!replies.isEmpty() && replies.firstKey() < floor) {
            replyBytes -= replies.pollFirstEntry().getValue().result().length;
        }
    }
}
