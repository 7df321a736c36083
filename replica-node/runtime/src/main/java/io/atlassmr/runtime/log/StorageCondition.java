package io.atlassmr.runtime.log;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/** What a replica's disk does not take, and what it gave back damaged: logged once, and kept for status and health. Thread-safe. */
public final class StorageCondition {

    /** What the disk is used for. */
    public enum Use {
        /** Votes, decisions and all else the replica has to remember; it does not vote while this fails. */
        LOG,
        /** Taking checkpoints; one that fails is skipped, and the log is not pruned meanwhile. */
        CHECKPOINT,
        /** Keeping the state that is fetched from peers; it goes on with what is here once this works. */
        STATE_TRANSFER
    }

    /**
     * How the disk is.
     *
     * @param failures what does not work now, each with its reason
     * @param damaged how many different records, parts or files were found damaged since the start of the process
     * @param damage the first of them, for people
     */
    public record Report(Map<Use, String> failures, long damaged, List<String> damage) {

        public Report {
            failures = Map.copyOf(failures);
            damage = List.copyOf(damage);
        }
    }

    private static final Logger LOG = Logger.getLogger(StorageCondition.class);
    private static final int KEPT = 16;
    private static final int REMEMBERED = 4096;

    private final Map<Use, String> failures = new EnumMap<>(Use.class);
    private final Set<String> known = new LinkedHashSet<>();
    private final List<String> damage = new ArrayList<>();
    private long damaged;

    /** This did not work, and is tried again. */
    public synchronized void failed(Use use, Throwable reason) {
        if (failures.put(use, reason.toString()) == null) {
            LOG.errorf(reason, "the disk fails for %s; this is tried again until it works", use);
        }
    }

    /** This works. */
    public synchronized void works(Use use) {
        if (failures.remove(use) != null) {
            LOG.infof("the disk works again for %s", use);
        }
    }

    /** Something on the disk is not what this replica wrote; told again, it counts once. */
    public synchronized void damaged(String what) {
        if (known.size() < REMEMBERED && known.add(what)) {
            damaged++;
            LOG.errorf("damaged on disk: %s", what);
            if (damage.size() < KEPT) {
                damage.add(what);
            }
        }
    }

    /** How the disk is now. */
    public synchronized Report report() {
        return new Report(failures, damaged, damage);
    }
}
