package io.atlassmr.server.admin.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.server.problem.ProblemException;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestKeysTest {

    private final RequestKeys keys = new RequestKeys();
    private final List<String> done = new ArrayList<>();

    private Object ask(String caller, String key, String request) {
        return keys.once(caller, key, request, () -> {
                    done.add(request);
                    return Response.status(202).entity(done.size()).build();
                })
                .getEntity();
    }

    private int refusal(String caller, String key, String request) {
        return assertThrows(ProblemException.class, () -> ask(caller, key, request))
                .problem()
                .status();
    }

    @Test
    void whatHasNoKeyIsDoneEachTime() {
        assertEquals(1, ask("ann", null, "a"));
        assertEquals(2, ask("ann", null, "a"));
    }

    @Test
    void whatHasAKeyIsDoneOnceAndAnsweredTheSame() {
        assertEquals(1, ask("ann", "k", "a"));
        assertEquals(1, ask("ann", "k", "a"));
        assertEquals(List.of("a"), done);
    }

    @Test
    void aKeyIsItsCallersOwn() {
        assertEquals(1, ask("ann", "k", "a"));
        assertEquals(2, ask("bob", "k", "b"));
    }

    @Test
    void aKeyStandsForOneWrite() {
        assertEquals(1, ask("ann", "k", "a"));
        assertEquals(422, refusal("ann", "k", "b"));
        assertEquals(List.of("a"), done);
    }

    @Test
    void whatFailedMayBeTriedAgain() {
        assertThrows(
                IllegalStateException.class,
                () -> keys.once("ann", "k", "a", () -> {
                    throw new IllegalStateException("on purpose");
                }));
        assertEquals(1, ask("ann", "k", "a"));
    }

    @Test
    void whatIsUnderWayIsNotDoneBeside() {
        Response response = keys.once("ann", "k", "a", () -> {
            assertEquals(409, refusal("ann", "k", "a"));
            return Response.ok().build();
        });
        assertEquals(200, response.getStatus());
        assertEquals(List.of(), done);
    }

    @Test
    void aKeyIsShortAndPrintable() {
        assertEquals(400, refusal("ann", "", "a"));
        assertEquals(400, refusal("ann", "two words", "a"));
        assertEquals(400, refusal("ann", "é", "a"));
        assertEquals(400, refusal("ann", "k".repeat(RequestKeys.MAX_KEY_LENGTH + 1), "a"));
        assertEquals(1, ask("ann", "k".repeat(RequestKeys.MAX_KEY_LENGTH), "a"));
    }

    @Test
    void theLastOfACallerAreRememberedAndThoseOfOthersStay() {
        assertEquals(1, ask("bob", "k", "b"));
        for (int i = 0; i <= RequestKeys.CAPACITY_PER_CALLER; i++) {
            assertEquals(i + 2, ask("ann", "k" + i, "a"));
        }
        int before = done.size();
        assertEquals(1, ask("bob", "k", "b"));
        assertEquals(3, ask("ann", "k1", "a"));
        assertEquals(before, done.size());
        assertEquals(before + 1, ask("ann", "k0", "a"));
    }

    @Test
    void noMoreThanABoundedNumberIsRemembered() {
        for (int i = 0; i <= RequestKeys.CAPACITY; i++) {
            Object _ = ask("caller" + i, "k", "a");
        }
        int before = done.size();
        assertEquals(2, ask("caller1", "k", "a"));
        assertEquals(before, done.size());
        assertEquals(before + 1, ask("caller0", "k", "a"));
    }
}
