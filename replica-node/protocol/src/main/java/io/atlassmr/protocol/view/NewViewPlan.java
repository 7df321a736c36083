package io.atlassmr.protocol.view;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a new view must decide, the same at everyone who holds the same view changes (Castro and Liskov, "Practical Byzantine
 * Fault Tolerance", 4.4). Any batch that may have been decided has a prepared certificate at an honest member of every quorum,
 * and none of a higher view names another batch.
 *
 * @param base everything up to here is decided somewhere
 * @param baseHolder the member that proved it
 * @param decided its commit certificates of the last window up to {@code base}, ascending
 * @param batches the digest to agree on for each sequence number above {@code base} up to the highest prepared one
 */
public record NewViewPlan(long base, int baseHolder, List<Certificate> decided, SortedMap<Long, Digest> batches) {

    public NewViewPlan {
        decided = List.copyOf(decided);
        batches = Collections.unmodifiableSortedMap(batches);
    }

    /** The plan that follows from a verified new view. */
    public static NewViewPlan of(NewView newView) {
        long base = -1;
        int holder = -1;
        List<Certificate> decided = List.of();
        for (Signed<ViewChange> viewChange : newView.viewChanges()) {
            if (viewChange.message().lastDecided() > base) {
                base = viewChange.message().lastDecided();
                holder = viewChange.signer();
                decided = viewChange.message().decided();
            }
        }
        TreeMap<Long, Certificate> highest = new TreeMap<>();
        for (Signed<ViewChange> viewChange : newView.viewChanges()) {
            for (Certificate certificate : viewChange.message().prepared()) {
                if (certificate.sequenceNumber() > base) {
                    highest.merge(
                            certificate.sequenceNumber(),
                            certificate,
                            (first, second) -> second.view() > first.view() ? second : first);
                }
            }
        }
        TreeMap<Long, Digest> batches = new TreeMap<>();
        if (!highest.isEmpty()) {
            for (long s = base + 1; s <= highest.lastKey(); s++) {
                Certificate certificate = highest.get(s);
                batches.put(s, certificate == null ? Batch.NOOP.digest() : certificate.digest());
            }
        }
        return new NewViewPlan(base, holder, decided, batches);
    }
}
