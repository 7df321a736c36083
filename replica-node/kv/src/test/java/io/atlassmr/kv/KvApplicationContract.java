package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.UnorderedContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The same promises, whichever way the entries are held. */
abstract class KvApplicationContract {

    private static final ClientId CLIENT = ClientId.of(new byte[ClientId.SIZE_BYTES]);
    private static final OrderedContext ORDERED = new OrderedContext(1, 0, 0, CLIENT);
    private static final UnorderedContext UNORDERED = new UnorderedContext(1, CLIENT);
    private static final Bytes KEY = Bytes.ofUtf8("key");
    private static final Bytes ONE = Bytes.ofUtf8("one");
    private static final Bytes TWO = Bytes.ofUtf8("two");

    private KvApplication application;

    abstract KvState openState() throws IOException;

    @BeforeEach
    void open() throws IOException {
        application = new KvApplication(openState());
    }

    @AfterEach
    void close() {
        application.close();
    }

    @Test
    void aKeyThatWasNeverPutIsNotFound() {
        assertEquals(new KvResult.NotFound(), execute(new KvOperation.Get(KEY)));
    }

    @Test
    void aPutValueIsFound() {
        assertEquals(new KvResult.Stored(), execute(new KvOperation.Put(KEY, ONE)));
        assertEquals(new KvResult.Found(ONE), execute(new KvOperation.Get(KEY)));
    }

    @Test
    void aLaterPutReplacesTheValue() {
        execute(new KvOperation.Put(KEY, ONE));
        execute(new KvOperation.Put(KEY, TWO));
        assertEquals(new KvResult.Found(TWO), execute(new KvOperation.Get(KEY)));
    }

    @Test
    void anEmptyValueIsNotAMissingKey() {
        execute(new KvOperation.Put(KEY, Bytes.EMPTY));
        assertEquals(new KvResult.Found(Bytes.EMPTY), execute(new KvOperation.Get(KEY)));
        assertEquals(
                new KvResult.NotSwapped(Optional.of(Bytes.EMPTY)),
                execute(new KvOperation.CompareAndSet(KEY, Optional.empty(), ONE)));
    }

    @Test
    void aDeleteTellsWhetherThereWasAnythingToRemove() {
        execute(new KvOperation.Put(KEY, ONE));
        assertEquals(new KvResult.Deleted(true), execute(new KvOperation.Delete(KEY)));
        assertEquals(new KvResult.Deleted(false), execute(new KvOperation.Delete(KEY)));
        assertEquals(new KvResult.NotFound(), execute(new KvOperation.Get(KEY)));
    }

    @Test
    void aNoopHasNoBytesAndAnEmptyAnswer() {
        assertEquals(0, application.executeOrdered(new byte[0], ORDERED).length);
        assertEquals(0, application.executeUnordered(new byte[0], UNORDERED).length);
    }

    @Nested
    class CompareAndSet {

        @Test
        void replacesTheExpectedValue() {
            execute(new KvOperation.Put(KEY, ONE));
            assertEquals(new KvResult.Swapped(), compareAndSet(Optional.of(ONE), TWO));
            assertEquals(new KvResult.Found(TWO), execute(new KvOperation.Get(KEY)));
        }

        @Test
        void leavesAnotherValueAndTellsIt() {
            execute(new KvOperation.Put(KEY, ONE));
            assertEquals(new KvResult.NotSwapped(Optional.of(ONE)), compareAndSet(Optional.of(TWO), TWO));
            assertEquals(new KvResult.Found(ONE), execute(new KvOperation.Get(KEY)));
        }

        @Test
        void createsAKeyThatIsExpectedToBeAbsent() {
            assertEquals(new KvResult.Swapped(), compareAndSet(Optional.empty(), ONE));
            assertEquals(new KvResult.NotSwapped(Optional.of(ONE)), compareAndSet(Optional.empty(), TWO));
        }

        @Test
        void doesNotCreateAKeyThatIsExpectedToBeThere() {
            assertEquals(new KvResult.NotSwapped(Optional.empty()), compareAndSet(Optional.of(ONE), TWO));
            assertEquals(new KvResult.NotFound(), execute(new KvOperation.Get(KEY)));
        }

        private KvResult compareAndSet(Optional<Bytes> expected, Bytes replacement) {
            return execute(new KvOperation.CompareAndSet(KEY, expected, replacement));
        }
    }

    @Nested
    class Scan {

        @Test
        void readsInOrderOfUnsignedBytes() {
            for (int key : new int[] {0x80, 0x7f, 0xff, 0x00}) {
                execute(new KvOperation.Put(Bytes.copyOf(new byte[] {(byte) key}), ONE));
            }
            KvResult.Page page = scan(KvOperation.Scan.prefix(Bytes.EMPTY, 10));
            assertEquals(List.of("0x00", "0x7f", "0x80", "0xff"), shownKeys(page));
            assertEquals(Optional.empty(), page.nextKey());
        }

        @Test
        void readsItsStartAndNotItsEnd() {
            putNumbers(5);
            KvResult.Page page = scan(KvOperation.Scan.range(number(1), number(3), 10));
            assertEquals(List.of("\"0001\"", "\"0002\""), shownKeys(page));
            assertEquals(Optional.empty(), page.nextKey());
        }

        @Test
        void ofARangeThatEndsBeforeItStartsIsEmpty() {
            putNumbers(5);
            assertEquals(
                    List.of(),
                    scan(KvOperation.Scan.range(number(3), number(1), 10)).entries());
            assertEquals(
                    List.of(),
                    scan(KvOperation.Scan.range(number(3), number(3), 10)).entries());
        }

        @Test
        void ofAPrefixReadsWhatBeginsWithItOnly() {
            for (String key : List.of("a", "ab", "abc", "ac", "b")) {
                execute(new KvOperation.Put(Bytes.ofUtf8(key), ONE));
            }
            assertEquals(
                    List.of("\"ab\"", "\"abc\""), shownKeys(scan(KvOperation.Scan.prefix(Bytes.ofUtf8("ab"), 10))));
        }

        @Test
        void givesPagesThatTogetherAreEverything() {
            putNumbers(25);
            List<String> keys = new ArrayList<>();
            KvOperation.Scan next = KvOperation.Scan.prefix(Bytes.EMPTY, 10);
            List<Integer> sizes = new ArrayList<>();
            for (Optional<Bytes> nextKey = Optional.of(Bytes.EMPTY); nextKey.isPresent(); ) {
                next = next.continueAt(nextKey.get());
                KvResult.Page page = scan(next);
                keys.addAll(shownKeys(page));
                sizes.add(page.entries().size());
                nextKey = page.nextKey();
            }
            assertEquals(List.of(10, 10, 5), sizes);
            assertEquals(25, keys.stream().distinct().count());
        }

        @Test
        void thatEndsWithAFullPageHasNoNextKey() {
            putNumbers(10);
            assertEquals(
                    Optional.empty(),
                    scan(KvOperation.Scan.prefix(Bytes.EMPTY, 10)).nextKey());
        }

        @Test
        void thatEndsAtItsEndKeyWithAFullPageHasNoNextKey() {
            putNumbers(20);
            KvResult.Page page = scan(KvOperation.Scan.range(number(0), number(10), 10));
            assertEquals(10, page.entries().size());
            assertEquals(Optional.empty(), page.nextKey());
        }

        @Test
        void cutsAPageThatGrowsTooLarge() {
            Bytes half = Bytes.copyOf(new byte[KvLimits.MAX_SCAN_BYTES / 2]);
            for (int i = 0; i < 3; i++) {
                execute(new KvOperation.Put(number(i), half));
            }
            KvResult.Page page = scan(KvOperation.Scan.prefix(Bytes.EMPTY, 10));
            assertEquals(List.of("\"0000\""), shownKeys(page));
            assertEquals(Optional.of(number(1)), page.nextKey());
        }

        @Test
        void givesAnEntryThatIsAPageByItself() {
            Bytes largest = Bytes.copyOf(new byte[KvLimits.MAX_VALUE_BYTES]);
            execute(new KvOperation.Put(number(0), largest));
            execute(new KvOperation.Put(number(1), largest));
            KvResult.Page page = scan(KvOperation.Scan.prefix(Bytes.EMPTY, 10));
            assertEquals(List.of("\"0000\""), shownKeys(page));
            assertEquals(Optional.of(number(1)), page.nextKey());
        }

        private KvResult.Page scan(KvOperation.Scan operation) {
            KvResult ordered = execute(operation);
            assertEquals(ordered, executeUnordered(operation));
            return (KvResult.Page) ordered;
        }

        private void putNumbers(int count) {
            for (int i = count - 1; i >= 0; i--) {
                execute(new KvOperation.Put(number(i), ONE));
            }
        }

        private static Bytes number(int number) {
            return Bytes.ofUtf8("%04d".formatted(number));
        }

        private static List<String> shownKeys(KvResult.Page page) {
            return page.entries().stream().map(entry -> entry.key().toString()).toList();
        }
    }

    @Nested
    class Unordered {

        @Test
        void readsAreAnsweredLikeOrderedOnes() {
            execute(new KvOperation.Put(KEY, ONE));
            assertEquals(new KvResult.Found(ONE), executeUnordered(new KvOperation.Get(KEY)));
        }

        @Test
        void writesAreRefusedAndChangeNothing() {
            List<KvOperation> writes = List.of(
                    new KvOperation.Put(KEY, ONE),
                    new KvOperation.Delete(KEY),
                    new KvOperation.CompareAndSet(KEY, Optional.empty(), ONE));
            for (KvOperation write : writes) {
                assertFalse(write.isReadOnly());
                IllegalArgumentException thrown =
                        assertThrows(IllegalArgumentException.class, () -> executeUnordered(write));
                assertTrue(thrown.getMessage().endsWith("must be sent as an ordered request"), thrown.getMessage());
            }
            assertEquals(new KvResult.NotFound(), execute(new KvOperation.Get(KEY)));
        }
    }

    @Test
    void bytesThatAreNoOperationAreRefusedAndChangeNothing() {
        execute(new KvOperation.Put(KEY, ONE));
        byte[] garbage = {1, 1, 0, 1, 'k'};
        assertThrows(KvFormatException.class, () -> application.executeOrdered(garbage, ORDERED));
        assertThrows(KvFormatException.class, () -> application.executeUnordered(garbage, UNORDERED));
        assertEquals(new KvResult.Found(ONE), execute(new KvOperation.Get(KEY)));
    }

    private KvResult execute(KvOperation operation) {
        return KvCodec.decodeResult(application.executeOrdered(KvCodec.encodeOperation(operation), ORDERED));
    }

    private KvResult executeUnordered(KvOperation operation) {
        return KvCodec.decodeResult(application.executeUnordered(KvCodec.encodeOperation(operation), UNORDERED));
    }
}
