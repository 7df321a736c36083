package io.atlassmr.protocol.session;

import io.atlassmr.api.ClientId;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The sessions at one moment. Immutable; may be written on any thread while the table goes on. */
public final class SessionImage {

    static final byte FORMAT_VERSION = 1;

    record Entry(ClientId clientId, Session session) {}

    private final List<Entry> entries;

    SessionImage(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Writes the sessions, deterministically. */
    public void writeTo(OutputStream output) throws IOException {
        DataOutputStream out = new DataOutputStream(output);
        out.writeByte(FORMAT_VERSION);
        out.writeInt(entries.size());
        for (Entry entry : entries) {
            out.write(entry.clientId().toByteArray());
            Session session = entry.session();
            out.writeLong(session.floor);
            out.writeLong(session.usedAtMillis);
            out.writeInt(session.replies.size());
            for (Reply reply : session.replies.values()) {
                out.writeLong(reply.number());
                out.writeByte(reply.outcome().code());
                out.writeLong(reply.sequenceNumber());
                out.writeInt(reply.result().length);
                out.write(reply.result());
            }
        }
        out.flush();
    }
}
