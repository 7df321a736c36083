package io.atlassmr.protocol.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.session.DuplicateFilter.Execute;
import io.atlassmr.protocol.session.Reply.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sessions as they are captured in a checkpoint and put back elsewhere. */
class SessionImageTest {

    private static final SessionLimits LIMITS = new SessionLimits(16, 4, 1000, 1000);
    private static final long NOW = 50_000;

    private final SessionTable sessions = new SessionTable(LIMITS);

    private static void order(SessionTable table, int client, long number, int resultBytes) {
        ClientBundle bundle = Bundles.bundle(client, NOW, 0, number);
        if (table.admit(bundle, number, number, NOW) instanceof Execute) {
            byte[] result = new byte[resultBytes];
            Arrays.fill(result, (byte) client);
            Outcome outcome = number % 2 == 0 ? Outcome.OK : Outcome.APPLICATION_ERROR;
            table.answered(bundle, new Reply(number, outcome, result, 100 + number));
        }
    }

    private void orderSome() {
        order(sessions, 1, 1, 3);
        order(sessions, 2, 7, 0);
        order(sessions, 1, 2, 5);
        order(sessions, 3, 20, 9);
        order(sessions, 1, 4, 1);
    }

    private static byte[] bytes(SessionImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            image.writeTo(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static SessionTable restored(byte[] image) throws IOException {
        SessionTable table = new SessionTable(LIMITS);
        table.restore(new ByteArrayInputStream(image));
        return table;
    }

    private static void assertRefused(SessionTable table, byte[] image) {
        byte[] before = bytes(table.capture());
        assertThrows(IOException.class, () -> table.restore(new ByteArrayInputStream(image)));
        assertArrayEquals(before, bytes(table.capture()));
    }

    @Test
    void aTableWithoutSessionsIsReadBack() throws IOException {
        byte[] image = bytes(sessions.capture());
        assertArrayEquals(image, bytes(restored(image).capture()));
    }

    @Test
    void answersAreReadBack() throws IOException {
        orderSome();
        SessionTable copy = restored(bytes(sessions.capture()));
        for (long number : new long[] {1, 2, 4}) {
            Reply original = sessions.remembered(Bundles.bundle(1, NOW, 0, number), number);
            Reply reply = copy.remembered(Bundles.bundle(1, NOW, 0, number), number);
            assertEquals(original.outcome(), reply.outcome());
            assertEquals(original.sequenceNumber(), reply.sequenceNumber());
            assertArrayEquals(original.result(), reply.result());
        }
        assertNull(copy.remembered(Bundles.bundle(1, NOW, 0, 3), 3));
    }

    @Test
    void aCopyGoesOnLikeTheOriginal() throws IOException {
        orderSome();
        SessionTable copy = restored(bytes(sessions.capture()));
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            int client = 1 + random.nextInt(6);
            long number = 1L + i / 20 + random.nextInt(12);
            int resultBytes = random.nextInt(200);
            order(sessions, client, number, resultBytes);
            order(copy, client, number, resultBytes);
            assertArrayEquals(bytes(sessions.capture()), bytes(copy.capture()), "after " + i);
        }
    }

    @Test
    void equalHistoriesWriteEqualBytes() {
        orderSome();
        byte[] first = bytes(sessions.capture());
        assertArrayEquals(first, bytes(sessions.capture()));
        SessionTable other = new SessionTable(LIMITS);
        order(other, 1, 1, 3);
        order(other, 2, 7, 0);
        order(other, 1, 2, 5);
        order(other, 3, 20, 9);
        order(other, 1, 4, 1);
        assertArrayEquals(first, bytes(other.capture()));
    }

    @Test
    void anImageDoesNotShowWhatComesAfterIt() {
        orderSome();
        SessionImage image = sessions.capture();
        byte[] before = bytes(image);
        order(sessions, 1, 5, 8);
        order(sessions, 2, 40, 8);
        order(sessions, 4, 1, 8);
        SessionImage later = sessions.capture();
        byte[] between = bytes(later);
        order(sessions, 1, 6, 8);
        assertArrayEquals(before, bytes(image));
        assertArrayEquals(between, bytes(later));
    }

    @Test
    void restoringReplacesEverything() throws IOException {
        byte[] empty = bytes(sessions.capture());
        orderSome();
        sessions.restore(new ByteArrayInputStream(empty));
        assertArrayEquals(empty, bytes(sessions.capture()));
        assertInstanceOf(Execute.class, sessions.admit(Bundles.bundle(1, NOW, 0, 1), 1, 9, NOW));
    }

    @Test
    void sessionsCutOffAnywhereAreRefused() {
        orderSome();
        byte[] image = bytes(sessions.capture());
        SessionTable table = new SessionTable(LIMITS);
        order(table, 2, 3, 4);
        for (int length = 0; length < image.length; length++) {
            assertRefused(table, Arrays.copyOf(image, length));
        }
    }

    @Test
    void bytesAfterTheLastSessionAreRefused() {
        orderSome();
        byte[] image = bytes(sessions.capture());
        assertRefused(sessions, Arrays.copyOf(image, image.length + 1));
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] image = bytes(sessions.capture());
        image[0]++;
        assertRefused(sessions, image);
    }

    @Test
    void moreSessionsThanTheLimitAreRefused() {
        SessionTable larger = new SessionTable(new SessionLimits(16, 5, 1000, 1000));
        for (int client = 1; client <= 5; client++) {
            order(larger, client, 1, 0);
        }
        assertRefused(sessions, bytes(larger.capture()));
    }

    @Test
    void aClientWithTwoSessionsIsRefused() {
        order(sessions, 1, 1, 0);
        byte[] one = bytes(sessions.capture());
        byte[] two = Arrays.copyOf(one, 2 * one.length - 5);
        System.arraycopy(one, 5, two, one.length, one.length - 5);
        two[4] = 2;
        assertRefused(sessions, two);
    }

    @Property(tries = 2000)
    void damagedSessionsAreRefusedOrOthers(@ForAll long seed) {
        orderSome();
        byte[] image = bytes(sessions.capture());
        Random random = new Random(seed);
        for (int i = random.nextInt(3); i >= 0; i--) {
            image[random.nextInt(image.length)] = (byte) random.nextInt();
        }
        SessionTable table = new SessionTable(LIMITS);
        try {
            table.restore(new ByteArrayInputStream(image));
        } catch (IOException e) {
            assertArrayEquals(bytes(new SessionTable(LIMITS).capture()), bytes(table.capture()));
        }
    }
}
