package io.atlassmr.runtime.execution.speculation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.runtime.execution.speculation.Speculation.Ahead;
import io.atlassmr.runtime.execution.speculation.Speculation.Settled;
import io.atlassmr.runtime.execution.speculation.Speculation.Settlement;
import io.atlassmr.runtime.fixture.Entries;
import io.atlassmr.runtime.fixture.TestCluster;
import org.junit.jupiter.api.Test;

/** Each operation was executed ahead, at the beginning of its batch; which of them are executed again? */
class SpeculationTest {

    private final Program program = new Program();

    /** Executes the operations ahead, then settles them in order; "kept" or "again" and the reply, for each. */
    private String settle(String... operations) {
        Speculation speculation = new Speculation(program);
        Ahead[] ahead = new Ahead[operations.length];
        for (int i = 0; i < operations.length; i++) {
            ahead[i] = speculation.attempt(request(operations[i]), context(i));
        }
        StringBuilder settled = new StringBuilder();
        for (int i = 0; i < operations.length; i++) {
            Settled outcome = speculation.settle(ahead[i], request(operations[i]), context(i));
            settled.append(outcome.settlement() == Settlement.KEPT ? "kept " : "again ")
                    .append(Program.text(outcome.reply().result()).strip())
                    .append("; ");
        }
        speculation.apply();
        return settled.toString();
    }

    private static ClientRequest request(String operation) {
        return new ClientRequest(1, Program.bytes(operation));
    }

    private static OrderedContext context(int index) {
        return new OrderedContext(1, index, 1000, TestCluster.client(1));
    }

    private String state() {
        return Program.text(program.executeUnordered(new byte[0], new UnorderedContext(0, TestCluster.client(1))));
    }

    @Test
    void operationsOnDifferentKeysCountAsTheyAre() {
        assertEquals("kept true; kept true; kept -; ", settle("create:a:1", "create:b:2", "read:c"));
        assertEquals("a=1,b=2,", state());
    }

    @Test
    void whoReadWhatOneBeforeItWroteIsExecutedAgain() {
        assertEquals("kept true; again 1; ", settle("create:a:1", "read:a"));
    }

    @Test
    void whoReadBeforeAnotherWroteIsNotDisturbed() {
        assertEquals("kept -; kept true; ", settle("read:a", "create:a:1"));
    }

    @Test
    void whoOnlyWritesConflictsWithNobody() {
        assertEquals("kept put; kept put; ", settle("put:a:1", "put:a:2"));
        assertEquals("a=2,", state());
    }

    @Test
    void thatThereWasNoEntryIsReadToo() {
        assertEquals("kept true; again false; ", settle("create:a:1", "create:a:2"));
        assertEquals("a=1,", state());
    }

    @Test
    void anEntryThatComesIntoAScannedRangeIsAPhantom() {
        settle("put:a:1 put:d:1");
        assertEquals("kept true; again a=1,b=2,d=1,; ", settle("create:b:2", "scan:a:e:10"));
    }

    @Test
    void anEntryThatLeavesAScannedRangeIsMissed() {
        settle("put:a:1 put:b:1");
        assertEquals("kept true; again a=1,; ", settle("delete:b", "scan:a:z:10"));
    }

    @Test
    void aScanHasReadNoFurtherThanItSaw() {
        settle("put:a:1 put:b:1 put:c:1");
        assertEquals("kept true; kept a=1,b=1,; ", settle("update:c:2", "scan:a:z:2"));
        assertEquals("kept true; again a=1,b=2,; ", settle("update:b:2", "scan:a:z:2"));
    }

    @Test
    void aScanOfNothingHasReadItsWholeRange() {
        assertEquals("kept true; again m=1,; ", settle("create:m:1", "scan:a:z:5"));
        assertEquals("kept true; kept ; ", settle("create:z:1", "scan:n:z:5"));
    }

    @Test
    void whatAnOperationReadsOfItsOwnChangesIsNoConflict() {
        assertEquals("kept put; kept put 2; ", settle("put:a:1", "put:a:2 read:a"));
    }

    @Test
    void whoReadWhatAnAttemptThatWasThrownAwayDidNotWriteIsExecutedAgain() {
        // Ahead, the second follows to x and the third reads y as missing; in order, the second follows to y.
        assertEquals("kept put; again y; again 7; ", settle("put:a:y", "follow:a:7", "read:y"));
    }

    @Test
    void whoDidNotReadWhatAnAttemptThatWasThrownAwayWroteCounts() {
        assertEquals("kept put; again y; kept -; ", settle("put:a:y", "follow:a:7", "read:x"));
    }

    @Test
    void anOperationThatFailsHasChangedNothingAndIsExecutedAgainLikeAnyOther() {
        settle("put:a:1");
        assertEquals(
                "kept java.lang.IllegalStateException: a is there; kept true; again put fine; ",
                settle("put:b:9 failIf:a", "delete:a", "put:c:3 failIf:a"));
        assertEquals("c=3,", state());
    }

    @Test
    void anotherContextThanWasPlannedIsAReasonToExecuteAgain() {
        Speculation speculation = new Speculation(program);
        Ahead ahead = speculation.attempt(request("index"), context(4));
        Settled settled = speculation.settle(ahead, request("index"), context(3));
        assertEquals(Settlement.AGAIN, settled.settlement());
        assertEquals("3 ", Program.text(settled.reply().result()));
    }

    @Test
    void anAttemptSeesAllThatIsSettledBeforeItAndNothingElse() {
        Speculation speculation = new Speculation(program);
        speculation.execute(request("put:a:1"), context(0));
        Ahead ahead = speculation.attempt(request("read:a read:b"), context(2));
        speculation.execute(request("put:b:2"), context(1));
        Settled settled = speculation.settle(ahead, request("read:a read:b"), context(2));
        assertEquals("1 2 ", Program.text(settled.reply().result()));
        assertEquals(Settlement.AGAIN, settled.settlement());
        Ahead later = speculation.attempt(request("read:a read:b"), context(3));
        assertEquals(
                Settlement.KEPT,
                speculation.settle(later, request("read:a read:b"), context(3)).settlement());
        assertEquals("", state());
        speculation.apply();
        assertEquals("a=1,b=2,", state());
    }

    @Test
    void anErrorCountsOnlyIfTheAttemptDoes() {
        Error reason = new StackOverflowError();
        Entries entries = new Entries();
        ScalableApplication fragile = new ScalableApplication() {
            @Override
            public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
                if (operation.length == 0 && view.read(new byte[] {1}) == null) {
                    throw reason;
                }
                view.put(new byte[] {1}, operation);
                return operation;
            }

            @Override
            public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
                return operation;
            }

            @Override
            public CrudState entries() {
                return entries;
            }
        };
        Speculation harmless = new Speculation(fragile);
        ClientRequest breaks = new ClientRequest(1, new byte[0]);
        Ahead ahead = harmless.attempt(breaks, context(1));
        harmless.execute(new ClientRequest(1, new byte[] {5}), context(0));
        assertEquals(
                Settlement.AGAIN, harmless.settle(ahead, breaks, context(1)).settlement());
        Speculation fatal = new Speculation(fragile);
        Ahead counts = fatal.attempt(breaks, context(0));
        assertSame(reason, assertThrows(Error.class, () -> fatal.settle(counts, breaks, context(0))));
    }
}
