package io.atlassmr.cli.demo;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compare-and-set from A to B to C to A and so on; each has to succeed. If the value is the new one already, the operation, or one of
 * three before, was executed twice; if it is still the one before the expected, the last acknowledged one was lost.
 */
final class CycleLane implements Lane {

    private static final int VALUES = 3;

    private final String name;
    private final List<Expectation> abandoned = new ArrayList<>();
    private int generation;
    private long acknowledged;

    CycleLane(String name) {
        this.name = name;
    }

    private Bytes key() {
        return Bytes.ofUtf8(name + "." + generation);
    }

    /** The value after so many operations, empty before the first. */
    private static Optional<Bytes> valueAfter(long operations) {
        return operations == 0
                ? Optional.empty()
                : Optional.of(Bytes.ofUtf8(String.valueOf((char) ('A' + (operations - 1) % VALUES))));
    }

    @Override
    public KvOperation next() {
        return new KvOperation.CompareAndSet(
                key(), valueAfter(acknowledged), valueAfter(acknowledged + 1).orElseThrow());
    }

    @Override
    public Finding answered(KvResult result) {
        return switch (result) {
            case KvResult.Swapped _ -> {
                acknowledged++;
                yield Finding.NONE;
            }
            case KvResult.NotSwapped(Optional<Bytes> actual) -> {
                Finding finding = actual.equals(valueAfter(acknowledged + 1)) ? new Finding(0, 1) : new Finding(1, 0);
                // What happens to this key from now on tells nothing new.
                generation++;
                acknowledged = 0;
                yield finding;
            }
            default -> throw new IllegalStateException("the store answered " + result + " to a compare-and-set");
        };
    }

    @Override
    public void outcomeUnknown() {
        abandoned.add(new Value(key(), acknowledged, true));
        generation++;
        acknowledged = 0;
    }

    @Override
    public List<Expectation> expectations() {
        List<Expectation> all = new ArrayList<>(abandoned);
        all.add(new Value(key(), acknowledged, false));
        return all;
    }

    /** The value after {@code acknowledged} operations, or if {@code orNext} after one more. */
    private record Value(Bytes key, long acknowledged, boolean orNext) implements Expectation {

        @Override
        public Finding check(KvResult result) {
            Optional<Bytes> actual = switch (result) {
                case KvResult.Found(Bytes value) -> Optional.of(value);
                case KvResult.NotFound _ -> Optional.empty();
                default -> throw new IllegalStateException("the store answered " + result + " to a get");
            };
            if (actual.equals(valueAfter(acknowledged))) {
                return Finding.NONE;
            }
            if (actual.equals(valueAfter(acknowledged + 1))) {
                return orNext ? Finding.NONE : new Finding(0, 1);
            }
            return new Finding(1, 0);
        }
    }
}
