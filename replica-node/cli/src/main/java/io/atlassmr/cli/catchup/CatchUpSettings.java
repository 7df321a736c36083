package io.atlassmr.cli.catchup;

import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.spec.ReplicaTuning;
import io.atlassmr.cli.cluster.spec.ReplicaTuning.KvState;

/**
 * What to measure.
 *
 * @param stateBytes keys and values together, {@value #MIN_STATE_BYTES} to 64 GiB; 4 GiB if they are kept on the heap
 * @param valueBytes size of each value
 * @param state where replicas keep the entries
 * @param clients that put load on the cluster meanwhile; 0 leaves it idle
 * @param outstanding operations that each of them has under way
 * @param ratePerSecond operations begun per second; 0 begins one whenever one ends
 * @param seconds how long to measure the throughput before the wipe
 * @param checkpointInterval decisions between two checkpoints
 */
public record CatchUpSettings(
        long stateBytes,
        int valueBytes,
        KvState state,
        int clients,
        int outstanding,
        long ratePerSecond,
        int seconds,
        int checkpointInterval) {

    /** Least size of a state: of less, a hundredth is no number of keys to speak of. */
    public static final long MIN_STATE_BYTES = 1 << 20;

    private static final long MAX_STATE_BYTES = 64L << 30;
    private static final long MAX_HEAP_STATE_BYTES = 4L << 30;
    private static final long MEBIBYTE = 1 << 20;
    private static final long HEAP_MEBIBYTES = 768;

    public CatchUpSettings {
        range(
                "--state-size",
                stateBytes,
                MIN_STATE_BYTES,
                state == KvState.MEMORY ? MAX_HEAP_STATE_BYTES : MAX_STATE_BYTES);
        range("--value-bytes", valueBytes, 1, 1 << 16);
        range("--clients", clients, 0, 1000);
        range("--outstanding", outstanding, 1, 512);
        range("--rate", ratePerSecond, 0, 10_000_000);
        range("--seconds", seconds, 1, 3600);
        range("--checkpoint-interval", checkpointInterval, 16, 1_000_000);
    }

    private static void range(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new UsageException(option + " is between " + least + " and " + most + ", got " + value);
        }
    }

    /** What replicas need for it. A state on the heap is there twice while its like is put in its place. */
    public ReplicaTuning tuning() {
        ReplicaTuning tuning = ReplicaTuning.of(state, checkpointInterval);
        return state == KvState.MEMORY ? tuning.withHeapMebibytes(HEAP_MEBIBYTES + 3 * stateBytes / MEBIBYTE) : tuning;
    }

    /** What the state is filled with. */
    public StateData data() {
        return StateData.ofSize(stateBytes, valueBytes);
    }
}
