package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.peer.PeerMemory;
import java.util.TreeMap;

/** What a replica knows of what it said: it asks its peers where it forgot, and tells them what they forgot. */
final class VoteMemory {

    /** Each epoch that is entered needs one of its own. */
    private static final long QUESTIONS_PER_MILLI = 1024;

    private final long tellAgainMillis;
    private final long silentUpTo;
    private final Abstention abstention;
    private final Outbox outbox;
    private final TreeMap<Integer, Long> toldAtMillis = new TreeMap<>();

    /** @param start what the log remembers */
    VoteMemory(ProtocolConfiguration configuration, Quorum quorum, OrderingState start, Time now, Outbox outbox) {
        this.tellAgainMillis = configuration.statusIntervalMillis() / 2;
        this.silentUpTo = start.silentUpTo();
        this.abstention = new Abstention(
                quorum, configuration.window(), start.abstention(), now.wallMillis() * QUESTIONS_PER_MILLI, outbox);
        this.outbox = outbox;
    }

    /** Agreement goes on in another epoch. */
    void enterEpoch(Epoch epoch) {
        abstention.enterEpoch(epoch.membership().quorum(), silentUpTo > epoch.base());
    }

    /** Whether it knows everything it may have said where, above what it has delivered, it could still contradict it. */
    boolean isWhole(long lastDelivered) {
        return !abstention.active() && lastDelivered >= silentUpTo;
    }

    /** The last decision whose votes are not all known, 0 if they are. */
    long silentUpTo() {
        return silentUpTo;
    }

    /** What it waits for where the votes themselves are lost. */
    Abstention abstention() {
        return abstention;
    }

    /** A peer that lost its memory is told this, unless it was told just now. */
    void tell(int peer, PeerMemory memory, long nowMillis) {
        Long lastMillis = toldAtMillis.get(peer);
        if (lastMillis == null || nowMillis - lastMillis >= tellAgainMillis) {
            toldAtMillis.put(peer, nowMillis);
            outbox.add(new ProtocolEffect.TellMemory(peer, memory));
        }
    }

    /** Asks the members of this epoch what they remember, if that is not known well enough. */
    void ask(long epoch, long view) {
        if (abstention.asks(view)) {
            outbox.add(new ProtocolEffect.AskMemory(abstention.question(), epoch));
        }
    }
}
