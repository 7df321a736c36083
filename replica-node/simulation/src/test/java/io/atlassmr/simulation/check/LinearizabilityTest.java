package io.atlassmr.simulation.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvEntry;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

    private static final Bytes KEY = Bytes.ofUtf8("k");
    private static final Bytes OTHER_KEY = Bytes.ofUtf8("l");

    private final History history = new History();

    @Test
    void aReadAfterAWriteSeesIt() {
        ended(put("a"), new KvResult.Stored());
        ended(get(), found("a"));

        assertLinearizable();
    }

    @Test
    void aReadAfterAWriteMustNotMissIt() {
        ended(put("a"), new KvResult.Stored());
        ended(get(), new KvResult.NotFound());

        assertNotLinearizable();
    }

    @Test
    void aReadOfAnOverwrittenValueIsStale() {
        ended(put("a"), new KvResult.Stored());
        ended(put("b"), new KvResult.Stored());
        ended(get(), found("a"));

        assertNotLinearizable();
    }

    @Test
    void aReadBesideAWriteMaySeeItOrNot() {
        ended(put("a"), new KvResult.Stored());
        History.Entry write = begun(put("b"));
        ended(get(), found("a"));
        ended(get(), found("b"));
        history.answer(write, new KvResult.Stored());

        assertLinearizable();
    }

    @Test
    void twoReadsBesideAWriteMustNotSeeItComeAndGo() {
        ended(put("a"), new KvResult.Stored());
        History.Entry write = begun(put("b"));
        ended(get(), found("b"));
        ended(get(), found("a"));
        history.answer(write, new KvResult.Stored());

        assertNotLinearizable();
    }

    @Test
    void concurrentWritesMayTakeEffectInAnyOrder() {
        History.Entry first = begun(put("a"));
        History.Entry second = begun(put("b"));
        history.answer(first, new KvResult.Stored());
        history.answer(second, new KvResult.Stored());
        ended(get(), found("a"));

        assertLinearizable();
    }

    @Test
    void readersMustAgreeOnTheOrderOfConcurrentWrites() {
        History.Entry first = begun(put("a"));
        History.Entry second = begun(put("b"));
        ended(get(), found("a"));
        ended(get(), found("b"));
        ended(get(), found("a"));
        history.answer(first, new KvResult.Stored());
        history.answer(second, new KvResult.Stored());

        assertNotLinearizable();
    }

    @Test
    void aWriteOfUnknownOutcomeMayShowLate() {
        begun(put("a"));
        ended(get(), new KvResult.NotFound());
        ended(get(), found("a"));

        assertLinearizable();
    }

    @Test
    void aWriteOfUnknownOutcomeMayNeverShow() {
        begun(put("a"));
        ended(get(), new KvResult.NotFound());

        assertLinearizable();
    }

    @Test
    void aWriteOfUnknownOutcomeMustNotShowTwice() {
        begun(put("a"));
        ended(get(), found("a"));
        ended(put("b"), new KvResult.Stored());
        ended(get(), found("b"));
        ended(get(), found("a"));

        assertNotLinearizable();
    }

    @Test
    void writesOfUnknownOutcomeMayBuildOnEachOther() {
        begun(put("a"));
        begun(new KvOperation.CompareAndSet(KEY, Optional.of(value("a")), value("b")));
        ended(get(), found("b"));

        assertLinearizable();
    }

    @Test
    void aValueMustNotShowBeforeItsWriteBegins() {
        ended(get(), found("a"));
        begun(put("a"));

        assertNotLinearizable();
    }

    @Test
    void aRefusedWriteMustNotShow() {
        history.refuse(begun(put("a")));
        ended(get(), found("a"));

        assertNotLinearizable();
    }

    @Test
    void aDeletionOfWhatIsThereSaysSo() {
        ended(put("a"), new KvResult.Stored());
        ended(new KvOperation.Delete(KEY), new KvResult.Deleted(true));
        ended(new KvOperation.Delete(KEY), new KvResult.Deleted(false));

        assertLinearizable();
    }

    @Test
    void oneValueIsDeletedOnce() {
        ended(put("a"), new KvResult.Stored());
        ended(new KvOperation.Delete(KEY), new KvResult.Deleted(true));
        ended(new KvOperation.Delete(KEY), new KvResult.Deleted(true));

        assertNotLinearizable();
    }

    @Test
    void ofTwoSwapsOfOneValueOneFails() {
        ended(put("a"), new KvResult.Stored());
        History.Entry first = begun(new KvOperation.CompareAndSet(KEY, Optional.of(value("a")), value("b")));
        History.Entry second = begun(new KvOperation.CompareAndSet(KEY, Optional.of(value("a")), value("c")));
        history.answer(second, new KvResult.Swapped());
        history.answer(first, new KvResult.NotSwapped(Optional.of(value("c"))));

        assertLinearizable();
    }

    @Test
    void twoSwapsOfOneValueMustNotBothSucceed() {
        ended(put("a"), new KvResult.Stored());
        ended(new KvOperation.CompareAndSet(KEY, Optional.of(value("a")), value("b")), new KvResult.Swapped());
        ended(new KvOperation.CompareAndSet(KEY, Optional.of(value("a")), value("c")), new KvResult.Swapped());

        assertNotLinearizable();
    }

    @Test
    void aScanReadsEachKey() {
        ended(put("a"), new KvResult.Stored());
        ended(new KvOperation.Put(OTHER_KEY, value("b")), new KvResult.Stored());
        ended(scan(), page(new KvEntry(KEY, value("a")), new KvEntry(OTHER_KEY, value("b"))));

        assertLinearizable();
    }

    @Test
    void aScanMustNotMissAKey() {
        ended(put("a"), new KvResult.Stored());
        ended(new KvOperation.Put(OTHER_KEY, value("b")), new KvResult.Stored());
        ended(scan(), page(new KvEntry(OTHER_KEY, value("b"))));

        assertNotLinearizable();
    }

    @Test
    void aValueWrittenTwiceMayComeBack() {
        ended(put("a"), new KvResult.Stored());
        ended(put("b"), new KvResult.Stored());
        History.Entry again = begun(put("a"));
        ended(get(), found("b"));
        ended(get(), found("a"));
        history.answer(again, new KvResult.Stored());

        assertLinearizable();
    }

    @Test
    void manyConcurrentWritesAreDecidedQuickly() {
        for (int i = 0; i < 40; i++) {
            begun(put("u" + i));
        }
        for (int i = 0; i < 40; i++) {
            ended(get(), found("u" + (39 - i)));
        }

        assertLinearizable();
    }

    private History.Entry begun(KvOperation operation) {
        return history.invoke(0, operation);
    }

    private void ended(KvOperation operation, KvResult result) {
        history.answer(begun(operation), result);
    }

    private void assertLinearizable() {
        assertDoesNotThrow(() -> Linearizability.check(history));
    }

    private void assertNotLinearizable() {
        assertThrows(Violation.class, () -> Linearizability.check(history));
    }

    private static Bytes value(String text) {
        return Bytes.ofUtf8(text);
    }

    private static KvOperation put(String text) {
        return new KvOperation.Put(KEY, value(text));
    }

    private static KvOperation get() {
        return new KvOperation.Get(KEY);
    }

    private static KvOperation scan() {
        return new KvOperation.Scan(Bytes.EMPTY, Optional.empty(), 10);
    }

    private static KvResult found(String text) {
        return new KvResult.Found(value(text));
    }

    private static KvResult page(KvEntry... entries) {
        return new KvResult.Page(List.of(entries), Optional.empty());
    }
}
