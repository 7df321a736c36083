package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Epoch;
import java.util.List;

/**
 * What is decided at one sequence number. Equal digests mean equal batches.
 *
 * @param digest SHA-256 of {@code encoded}
 * @param agreedTimeMillis the proposer's clock; 0 in the batch that decides nothing
 * @param checkpoint whether a checkpoint is asked for after this batch, beside those that are due anyway
 * @param bundles in the order of execution
 * @param commands about the membership, judged before the bundles are executed
 * @param epoch the one that begins after this batch; null in all but the last batch of an epoch
 * @param encoded the wire form; not to be changed by whoever holds it
 */
public record Batch(
        Digest digest,
        long agreedTimeMillis,
        boolean checkpoint,
        List<ClientBundle> bundles,
        List<SignedCommand> commands,
        Epoch epoch,
        byte[] encoded) {

    /** The batch that fills a gap: no bundles, and it leaves the agreed time as it is. */
    public static final Batch NOOP = BatchCodec.encode(0, false, List.of());

    public Batch {
        bundles = List.copyOf(bundles);
        commands = List.copyOf(commands);
    }

    /** How many requests the bundles hold. */
    public int requestCount() {
        int count = 0;
        for (ClientBundle bundle : bundles) {
            count += bundle.requests().size();
        }
        return count;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Batch that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
