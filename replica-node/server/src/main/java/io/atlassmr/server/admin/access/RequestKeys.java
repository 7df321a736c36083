package io.atlassmr.server.admin.access;

import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The writes that callers gave a key of their own, with what was answered: whoever repeats one gets the same answer, and nothing is done
 * again. Keys are the caller's own, and the last of each caller are remembered, while the process runs. What failed is forgotten, so
 * that it may be tried again under its key. Thread-safe. After draft-ietf-httpapi-idempotency-key-header.
 */
@Singleton
public final class RequestKeys {

    /** The header with the key. */
    public static final String HEADER = "Idempotency-Key";
    /** Set in an answer that was given before. */
    static final String REPLAYED = "Idempotency-Replayed";

    /** Longest key. */
    public static final int MAX_KEY_LENGTH = 128;

    static final int CAPACITY = 1024;
    static final int CAPACITY_PER_CALLER = 64;

    private record Name(String caller, String key) {}

    private record Answer(int status, URI location, Object entity) {

        static Answer of(Response response) {
            return new Answer(response.getStatus(), response.getLocation(), response.getEntity());
        }

        Response again() {
            return Response.status(status)
                    .location(location)
                    .entity(entity)
                    .header(REPLAYED, true)
                    .build();
        }
    }

    /** @param answer null while the write is under way */
    private record Write(Object request, Answer answer) {}

    private final Map<Name, Write> writes = new LinkedHashMap<>();

    /**
     * Does the write, unless it was done under this key.
     *
     * @param key null if the caller gave none: then it is done
     * @param request what tells this write from others, by {@code equals}
     */
    Response once(String caller, String key, Object request, Supplier<Response> write) {
        if (key == null) {
            return write.get();
        }
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ProblemException(Problem.of(
                    Problem.Kind.BAD_REQUEST,
                    HEADER + " is 1 to " + MAX_KEY_LENGTH + " printable characters of ASCII without spaces"));
        }
        Name name = new Name(caller, key);
        Answer known = begin(name, request);
        if (known != null) {
            return known.again();
        }
        boolean done = false;
        try {
            Response response = write.get();
            done = true;
            end(name, new Write(request, Answer.of(response)));
            return response;
        } finally {
            if (!done) {
                forget(name);
            }
        }
    }

    private synchronized Answer begin(Name name, Object request) {
        Write known = writes.get(name);
        if (known == null) {
            makeRoom(name.caller());
            writes.put(name, new Write(request, null));
            return null;
        }
        if (!known.request().equals(request)) {
            throw new ProblemException(Problem.of(
                    Problem.Kind.KEY_REUSED, "under this " + HEADER + " something else was asked for: use a new one"));
        }
        if (known.answer() == null) {
            throw new ProblemException(
                    Problem.of(Problem.Kind.UNDER_WAY, "this write is under way under its " + HEADER + ": ask again"));
        }
        return known.answer();
    }

    private synchronized void end(Name name, Write write) {
        writes.replace(name, write);
    }

    private synchronized void forget(Name name) {
        writes.remove(name);
    }

    /** The oldest go first: those of the caller if he has many, so that none pushes out the others' keys alone. */
    private void makeRoom(String caller) {
        long own = writes.keySet().stream()
                .filter(name -> name.caller().equals(caller))
                .count();
        Iterator<Name> oldest = writes.keySet().iterator();
        while (oldest.hasNext() && (own >= CAPACITY_PER_CALLER || writes.size() >= CAPACITY)) {
            Name name = oldest.next();
            if (own < CAPACITY_PER_CALLER || name.caller().equals(caller)) {
                own -= name.caller().equals(caller) ? 1 : 0;
                oldest.remove();
            }
        }
    }
}
