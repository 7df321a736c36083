package io.atlassmr.protocol.session;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.TreeMap;

/**
 * Exactly-once execution: what each client asked lately, with the answers. A session idle for more than twice the lifetime of a
 * bundle may be forgotten, because no bundle of its time is accepted any more.
 */
public final class SessionTable implements DuplicateFilter {

    private static final Execute EXECUTE = new Execute();

    private static final class Session {
        final TreeMap<Long, Reply> replies = new TreeMap<>();
        long floor;
        long replyBytes;
        long usedAtMillis;

        void raiseFloor(long number) {
            floor = Math.max(floor, number);
            while (!replies.isEmpty() && replies.firstKey() < floor) {
                replyBytes -= replies.pollFirstEntry().getValue().result().length;
            }
        }
    }

    private final SessionLimits limits;
    /** Least recently used first. */
    private final LinkedHashMap<ClientId, Session> sessions = new LinkedHashMap<>();

    public SessionTable(SessionLimits limits) {
        this.limits = limits;
    }

    @Override
    public Admission admit(ClientBundle bundle, long number, long sequenceNumber, long agreedTimeMillis) {
        Session session = sessions.get(bundle.clientId());
        if (session != null) {
            Reply known = session.replies.get(number);
            if (known != null) {
                return new Answer(known);
            }
            if (number < session.floor) {
                return refuse(
                        Reply.Outcome.FORGOTTEN,
                        number,
                        sequenceNumber,
                        "number " + number + " is below the session's window at " + session.floor);
            }
        }
        if (Math.abs(bundle.signedAtMillis() - agreedTimeMillis) > limits.lifetimeMillis()) {
            return refuse(
                    Reply.Outcome.REJECTED,
                    number,
                    sequenceNumber,
                    "signed at " + bundle.signedAtMillis() + ", the agreed time is " + agreedTimeMillis
                            + ": set the client's clock, or sign again");
        }
        if (session == null) {
            forgetIdle(agreedTimeMillis);
            if (sessions.size() >= limits.maxSessions()) {
                return refuse(
                        Reply.Outcome.REJECTED,
                        number,
                        sequenceNumber,
                        "all " + limits.maxSessions() + " sessions are in use");
            }
            session = new Session();
            session.floor = number - limits.windowNumbers() + 1;
        } else {
            sessions.remove(bundle.clientId());
        }
        session.usedAtMillis = agreedTimeMillis;
        sessions.putLast(bundle.clientId(), session);
        return EXECUTE;
    }

    private void forgetIdle(long agreedTimeMillis) {
        while (!sessions.isEmpty()
                && agreedTimeMillis - sessions.firstEntry().getValue().usedAtMillis > 2 * limits.lifetimeMillis()) {
            sessions.pollFirstEntry();
        }
    }

    private static Answer refuse(Reply.Outcome outcome, long number, long sequenceNumber, String reason) {
        return new Answer(new Reply(number, outcome, reason.getBytes(StandardCharsets.UTF_8), sequenceNumber));
    }

    @Override
    public void answered(ClientBundle bundle, Reply reply) {
        Session session = sessions.get(bundle.clientId());
        session.replies.put(reply.number(), reply);
        session.replyBytes += reply.result().length;
        session.raiseFloor(Math.max(
                reply.number() - limits.windowNumbers() + 1, Math.min(bundle.answeredBelow(), reply.number())));
        while (session.replyBytes > limits.maxReplyBytes() && session.replies.size() > 1) {
            session.raiseFloor(session.replies.firstKey() + 1);
        }
    }

    @Override
    public Reply remembered(ClientBundle bundle, long number) {
        Session session = sessions.get(bundle.clientId());
        return session == null ? null : session.replies.get(number);
    }
}
