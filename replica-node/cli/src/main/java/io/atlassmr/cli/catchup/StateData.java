package io.atlassmr.cli.catchup;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * The entries that a state is filled with: values of one size that cannot be compressed, different for each round of writing.
 *
 * @param keys how many
 * @param valueBytes size of each value
 */
public record StateData(int keys, int valueBytes) {

    /** Of {@code state/} and ten digits. */
    private static final int KEY_BYTES = 16;

    /** One key in so many changes while a replica is away. */
    static final int CHANGED_OF = 100;

    static StateData ofSize(long stateBytes, int valueBytes) {
        return new StateData(Math.toIntExact(stateBytes / (KEY_BYTES + valueBytes)), valueBytes);
    }

    /** Bytes of all keys and values. */
    public long sizeBytes() {
        return (long) keys * (KEY_BYTES + valueBytes);
    }

    /** The operation that sets the key with this index to its value of a round. */
    public byte[] put(int index, long round) {
        byte[] value = new byte[valueBytes];
        new SplittableRandom(index * 0x9E3779B97F4A7C15L + round).nextBytes(value);
        return KvCodec.encodeOperation(
                new KvOperation.Put(Bytes.ofUtf8(String.format("state/%010d", index)), Bytes.copyOf(value)));
    }

    /** Indices of a random hundredth of the keys, at least one; the same each time. */
    int[] hundredth() {
        SplittableRandom random = new SplittableRandom(keys);
        TreeSet<Integer> chosen = new TreeSet<>();
        int count = Math.max(1, keys / CHANGED_OF);
        while (chosen.size() < count) {
            chosen.add(random.nextInt(keys));
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }
}
