package io.atlassmr.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.session.DuplicateFilter.Answer;
import io.atlassmr.protocol.session.DuplicateFilter.Execute;
import io.atlassmr.protocol.session.Reply.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTableTest {

    private static final SessionLimits LIMITS = new SessionLimits(16, 3, 100, 1000);
    private static final long NOW = 50_000;

    private final SessionTable sessions = new SessionTable(LIMITS);
    private long sequenceNumber;

    /** Orders one request; returns its answer, executed or remembered. */
    private Reply order(ClientBundle bundle, long number, long agreedTimeMillis, int resultBytes) {
        sequenceNumber++;
        return switch (sessions.admit(bundle, number, sequenceNumber, agreedTimeMillis)) {
            case Answer(Reply reply) -> reply;
            case Execute _ -> {
                Reply reply = new Reply(number, Outcome.OK, new byte[resultBytes], sequenceNumber);
                sessions.answered(bundle, reply);
                yield reply;
            }
        };
    }

    private Reply order(int client, long number) {
        return order(Bundles.bundle(client, NOW, 0, number), number, NOW, 0);
    }

    private Outcome outcome(int client, long number) {
        return order(client, number).outcome();
    }

    @Test
    void aRequestIsExecutedOnceAndAnsweredTheSameEverAfter() {
        Reply first = order(1, 7);
        assertSame(first, order(1, 7));
        assertSame(first, order(Bundles.bundle(1, NOW + 5, 0, 6, 7), 7, NOW, 0));
        assertEquals(1, first.sequenceNumber());
    }

    @Test
    void numbersMayComeInAnyOrderWithinTheWindow() {
        for (long number : new long[] {20, 5, 19, 6, 12}) {
            assertEquals(Outcome.OK, outcome(1, number));
            assertEquals(number, order(1, number).number());
        }
        assertEquals(9, order(1, 12).sequenceNumber());
    }

    @Test
    void numbersBelowTheWindowAreForgotten() {
        order(1, 20);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 4));
        assertEquals(Outcome.OK, outcome(1, 5));
    }

    @Test
    void aHigherNumberMovesTheWindow() {
        order(1, 20);
        order(1, 30);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 14));
        assertEquals(2, order(1, 30).sequenceNumber());
        assertEquals(1, order(1, 20).sequenceNumber());
        order(1, 40);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 20));
    }

    @Test
    void anAnswerThatTheClientHoldsIsForgotten() {
        order(1, 1);
        order(1, 2);
        order(Bundles.bundle(1, NOW, 2, 3), 3, NOW, 0);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 1));
        assertEquals(2, order(1, 2).sequenceNumber());
    }

    @Test
    void aClientCannotForgetWhatItAsksForNow() {
        Reply reply = order(Bundles.bundle(1, NOW, Long.MAX_VALUE, 3), 3, NOW, 0);
        assertSame(reply, order(1, 3));
    }

    @Test
    void clientsHaveNumbersOfTheirOwn() {
        assertEquals(1, order(1, 1).sequenceNumber());
        assertEquals(2, order(2, 1).sequenceNumber());
        assertEquals(1, order(1, 1).sequenceNumber());
    }

    @Test
    void theOldestAnswersMakeRoomForNewOnes() {
        order(Bundles.bundle(1, NOW, 0, 1), 1, NOW, 40);
        order(Bundles.bundle(1, NOW, 0, 2), 2, NOW, 40);
        assertEquals(1, order(1, 1).sequenceNumber());
        order(Bundles.bundle(1, NOW, 0, 3), 3, NOW, 40);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 1));
        assertEquals(2, order(1, 2).sequenceNumber());
    }

    @Test
    void anAnswerLargerThanAllRoomIsKeptAloneUntilTheNext() {
        order(Bundles.bundle(1, NOW, 0, 1), 1, NOW, 500);
        assertEquals(1, order(1, 1).sequenceNumber());
        order(Bundles.bundle(1, NOW, 0, 2), 2, NOW, 0);
        assertEquals(Outcome.FORGOTTEN, outcome(1, 1));
    }

    @Test
    void aBundleFromAnotherTimeIsRejectedAndMayBeSignedAgain() {
        ClientBundle early = Bundles.bundle(1, NOW - 1001, 0, 1);
        ClientBundle late = Bundles.bundle(1, NOW + 1001, 0, 1);
        assertEquals(Outcome.REJECTED, order(early, 1, NOW, 0).outcome());
        assertEquals(Outcome.REJECTED, order(late, 1, NOW, 0).outcome());
        assertEquals(
                Outcome.OK,
                order(Bundles.bundle(1, NOW - 1000, 0, 1), 1, NOW, 0).outcome());
        assertEquals(
                Outcome.OK,
                order(Bundles.bundle(1, NOW + 1000, 0, 2), 2, NOW, 0).outcome());
    }

    @Test
    void whatWasExecutedIsAnsweredHoweverOldItsBundle() {
        ClientBundle bundle = Bundles.bundle(1, NOW, 0, 1);
        Reply first = order(bundle, 1, NOW, 0);
        assertSame(first, order(bundle, 1, NOW + 100_000, 0));
    }

    @Test
    void pastTheLastSessionNewClientsAreRejected() {
        for (int client = 1; client <= 3; client++) {
            assertEquals(Outcome.OK, outcome(client, 1));
        }
        assertEquals(Outcome.REJECTED, outcome(4, 1));
        assertEquals(Outcome.OK, outcome(3, 2));
    }

    @Test
    void anIdleSessionMakesRoomOnceNoBundleOfItsTimeIsAccepted() {
        order(1, 1);
        order(2, 1);
        order(3, 1);
        long atTwiceTheLifetime = NOW + 2000;
        ClientBundle newcomer = Bundles.bundle(4, atTwiceTheLifetime, 0, 1);
        assertEquals(Outcome.REJECTED, order(newcomer, 1, atTwiceTheLifetime, 0).outcome());
        assertEquals(Outcome.OK, order(newcomer, 1, atTwiceTheLifetime + 1, 0).outcome());
        ClientBundle replayed = Bundles.bundle(1, NOW, 0, 1);
        assertEquals(
                Outcome.REJECTED, order(replayed, 1, atTwiceTheLifetime + 1, 0).outcome());
    }

    @Test
    void aSessionInUseIsNotIdle() {
        order(1, 1);
        order(2, 1);
        order(3, 1);
        order(Bundles.bundle(1, NOW + 1500, 0, 2), 2, NOW + 1500, 0);
        assertEquals(
                Outcome.OK,
                order(Bundles.bundle(4, NOW + 2001, 0, 1), 1, NOW + 2001, 0).outcome());
        assertEquals(1, order(1, 1).sequenceNumber());
    }

    @Test
    void rememberedTellsWithoutExecuting() {
        ClientBundle bundle = Bundles.bundle(1, NOW, 0, 1, 2);
        assertNull(sessions.remembered(bundle, 1));
        Reply first = order(bundle, 1, NOW, 0);
        assertSame(first, sessions.remembered(bundle, 1));
        assertNull(sessions.remembered(bundle, 2));
        assertInstanceOf(Execute.class, sessions.admit(bundle, 2, 9, NOW));
    }

    /**
     * Clients come and go, repeat themselves for less than a bundle's lifetime, and lose answers on purpose: two tables give
     * the same answers, and no number is executed twice.
     */
    @Test
    void equalOrdersGiveEqualAnswersAndExecuteEachNumberOnce() {
        for (int seed = 0; seed < 20; seed++) {
            List<String> first = play(seed);
            assertEquals(first, play(seed));
        }
    }

    private static List<String> play(int seed) {
        SessionTableTest table = new SessionTableTest();
        Random random = new Random(seed);
        List<String> answers = new ArrayList<>();
        List<String> executed = new ArrayList<>();
        long agreedTimeMillis = NOW;
        for (int i = 0; i < 4000; i++) {
            agreedTimeMillis += random.nextInt(4);
            int client = 1 + (i / 600 + random.nextInt(2)) % 5;
            long number = 1L + i / 50 + random.nextInt(10);
            long signedAtMillis = agreedTimeMillis - random.nextInt(1200);
            ClientBundle bundle =
                    Bundles.bundle(client, signedAtMillis, Math.max(0, number - random.nextInt(40)), number);
            Reply reply = table.order(bundle, number, agreedTimeMillis, random.nextInt(30));
            answers.add(client + ":" + number + " " + reply.outcome() + " at " + reply.sequenceNumber());
            if (reply.outcome() == Outcome.OK && reply.sequenceNumber() == table.sequenceNumber) {
                executed.add(client + ":" + number);
            }
        }
        assertEquals(executed.size(), executed.stream().distinct().count(), "executed twice with seed " + seed);
        return answers;
    }
}
