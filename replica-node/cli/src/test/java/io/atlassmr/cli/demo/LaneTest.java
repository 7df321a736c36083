package io.atlassmr.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.cli.demo.Lane.Finding;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the lanes of the demo find on a store that does what it should, and on one that does not. */
class LaneTest {

    private final KvApplication store = new KvApplication(new InMemoryKvState());
    private final List<KvOperation> executed = new ArrayList<>();

    private KvResult execute(KvOperation operation) {
        executed.add(operation);
        return KvCodec.decodeResult(store.executeOrdered(KvCodec.encodeOperation(operation), null));
    }

    private Finding run(Lane lane, int operations) {
        Finding sum = Finding.NONE;
        for (int i = 0; i < operations; i++) {
            sum = plus(sum, lane.answered(execute(lane.next())));
        }
        return sum;
    }

    private Finding readBack(Lane lane) {
        return lane.expectations().stream()
                .map(expectation -> expectation.check(execute(new KvOperation.Get(expectation.key()))))
                .reduce(Finding.NONE, LaneTest::plus);
    }

    private static Finding plus(Finding one, Finding other) {
        return new Finding(one.lost() + other.lost(), one.duplicated() + other.duplicated());
    }

    static Stream<Lane> lanes() {
        return Stream.of(new CounterLane("counter"), new CycleLane("cycle"));
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void findNothingWhereNothingIsWrong(Lane lane) {
        assertEquals(Finding.NONE, run(lane, 100));
        assertEquals(Finding.NONE, readBack(lane));
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void anUnknownOutcomeMayHaveBeenEitherWay(Lane lane) {
        run(lane, 10);
        lane.outcomeUnknown();
        run(lane, 10);
        execute(lane.next());
        lane.outcomeUnknown();
        run(lane, 10);
        assertEquals(Finding.NONE, readBack(lane));
    }

    @ParameterizedTest
    @MethodSource("lanes")
    void aLostWriteIsFoundWhenEverythingIsReadBack(Lane lane) {
        run(lane, 1);
        KvOperation write = lane.next();
        lane.answered(write instanceof KvOperation.Put ? new KvResult.Stored() : new KvResult.Swapped());
        assertEquals(new Finding(1, 0), readBack(lane));
    }

    @Test
    void aCounterFindsAnOldWriteThatCameBackByTheNextRead() {
        CounterLane lane = new CounterLane("counter");
        run(lane, 5);
        execute(executed.getFirst());
        assertEquals(new Finding(3, 0), run(lane, 1));
    }

    @Test
    void aCycleFindsAWriteExecutedTwiceAtOnce() {
        CycleLane lane = new CycleLane("cycle");
        run(lane, 4);
        KvOperation twice = lane.next();
        execute(twice);
        assertEquals(new Finding(0, 1), lane.answered(execute(twice)));
        assertEquals(Finding.NONE, run(lane, 10));
    }

    @Test
    void aCycleFindsAWriteExecutedAgainLater() {
        CycleLane lane = new CycleLane("cycle");
        run(lane, 4);
        execute(executed.get(1));
        assertEquals(new Finding(0, 1), run(lane, 1));
    }

    @Test
    void aCycleFindsALostWriteByTheNext() {
        CycleLane lane = new CycleLane("cycle");
        run(lane, 4);
        execute(new KvOperation.Put(Bytes.ofUtf8("cycle.0"), Bytes.ofUtf8("C")));
        assertEquals(new Finding(1, 0), run(lane, 1));
    }
}
