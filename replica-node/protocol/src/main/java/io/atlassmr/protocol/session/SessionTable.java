package io.atlassmr.protocol.session;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Exactly-once execution: what each client asked lately, with the answers. A session idle for more than twice the lifetime of a
 * bundle may be forgotten, because no bundle of its time is accepted any more.
 */
public final class SessionTable implements DuplicateFilter {

    private static final Execute EXECUTE = new Execute();

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
            session = changeable(session);
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
        // Admission made it changeable, and no image is taken within a batch.
        Session session = sessions.get(bundle.clientId());
        session.remember(reply);
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

    private static Session changeable(Session session) {
        return session.shared ? new Session(session) : session;
    }

    @Override
    public SessionImage capture() {
        List<SessionImage.Entry> entries = new ArrayList<>(sessions.size());
        sessions.forEach((clientId, session) -> {
            session.shared = true;
            entries.add(new SessionImage.Entry(clientId, session));
        });
        return new SessionImage(entries);
    }

    @Override
    public void restore(InputStream input) throws IOException {
        DataInputStream in = new DataInputStream(input);
        byte version = in.readByte();
        if (version != SessionImage.FORMAT_VERSION) {
            throw new IOException(
                    "sessions in format " + version + ", this program reads " + SessionImage.FORMAT_VERSION);
        }
        int count = bounded("sessions", in.readInt(), limits.maxSessions());
        LinkedHashMap<ClientId, Session> restored = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            byte[] clientId = new byte[ClientId.SIZE_BYTES];
            in.readFully(clientId);
            if (restored.put(ClientId.of(clientId), readSession(in)) != null) {
                throw new IOException("a client has two sessions");
            }
        }
        if (in.read() >= 0) {
            throw new IOException("bytes follow the last session");
        }
        sessions.clear();
        sessions.putAll(restored);
    }

    private Session readSession(DataInputStream in) throws IOException {
        Session session = new Session();
        session.floor = in.readLong();
        session.usedAtMillis = in.readLong();
        int replies = bounded("replies", in.readInt(), limits.windowNumbers());
        for (int i = 0; i < replies; i++) {
            long number = in.readLong();
            Reply.Outcome outcome = Reply.Outcome.ofCode(in.readByte());
            long sequenceNumber = in.readLong();
            int length = bounded("bytes of a result", in.readInt(), Integer.MAX_VALUE);
            byte[] result = in.readNBytes(length);
            if (result.length != length) {
                throw new EOFException("the sessions end within a result");
            }
            session.remember(new Reply(number, outcome, result, sequenceNumber));
        }
        return session;
    }

    private static int bounded(String what, int count, int most) throws IOException {
        if (count < 0 || count > most) {
            throw new IOException(count + " " + what + " in the sessions, at most " + most);
        }
        return count;
    }
}
