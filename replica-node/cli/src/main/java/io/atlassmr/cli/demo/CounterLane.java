package io.atlassmr.cli.demo;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts 1, 2, 3 and so on, and reads the key after every second put. A value below the last acknowledged one shows lost writes, or an
 * old one executed again; a value above shows a write that nobody asked for.
 */
final class CounterLane implements Lane {

    private static final int PUTS_PER_READ = 2;

    private final String name;
    private final List<Expectation> abandoned = new ArrayList<>();
    private int generation;
    private long acknowledged;
    private long sinceRead;

    CounterLane(String name) {
        this.name = name;
    }

    private Bytes key() {
        return Bytes.ofUtf8(name + "." + generation);
    }

    @Override
    public KvOperation next() {
        return sinceRead == PUTS_PER_READ
                ? new KvOperation.Get(key())
                : new KvOperation.Put(key(), Bytes.ofUtf8(Long.toString(acknowledged + 1)));
    }

    @Override
    public Finding answered(KvResult result) {
        if (sinceRead == PUTS_PER_READ) {
            sinceRead = 0;
            return compare(result, acknowledged, acknowledged);
        }
        if (!(result instanceof KvResult.Stored)) {
            throw new IllegalStateException("the store answered " + result + " to a put");
        }
        acknowledged++;
        sinceRead++;
        return Finding.NONE;
    }

    @Override
    public void outcomeUnknown() {
        if (sinceRead == PUTS_PER_READ) {
            // A read changes nothing, whenever it is executed.
            return;
        }
        abandoned.add(new Value(key(), acknowledged, acknowledged + 1));
        generation++;
        acknowledged = 0;
        sinceRead = 0;
    }

    @Override
    public List<Expectation> expectations() {
        List<Expectation> all = new ArrayList<>(abandoned);
        all.add(new Value(key(), acknowledged, acknowledged));
        return all;
    }

    /** {@code least} and {@code most} of what the key may hold; 0 stands for no such key. */
    private record Value(Bytes key, long least, long most) implements Expectation {

        @Override
        public Finding check(KvResult result) {
            return compare(result, least, most);
        }
    }

    private static Finding compare(KvResult result, long least, long most) {
        long actual = switch (result) {
            case KvResult.Found(Bytes value) -> Long.parseLong(value.toUtf8());
            case KvResult.NotFound _ -> 0;
            default -> throw new IllegalStateException("the store answered " + result + " to a get");
        };
        if (actual < least) {
            return new Finding(least - actual, 0);
        }
        return actual > most ? new Finding(0, actual - most) : Finding.NONE;
    }
}
