package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.EntryCursor;
import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.PartUpdate;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A captured state, whose parts are made from those of the capture before it: a part's version is the number of the
 * capture that first had it. So that versions do not depend on who asked for parts when, a capture whose parts were not
 * asked for lives on until those of a later one are. Thread-safe.
 */
final class Capture {

    private final long sequenceNumber;
    private final EntryView view;
    private final ChangedKeys changesAfter;
    /** Held while parts are made, one capture of a line at a time. */
    private final ReentrantLock making;
    /** An image of it, and the capture after it or the line that another may follow in. */
    private final AtomicInteger dependents = new AtomicInteger(2);

    private final AtomicBoolean isSettled = new AtomicBoolean();
    private volatile Capture predecessor;
    private volatile PartList predecessorParts;
    private volatile ChangedKeys changesBefore;
    private volatile PartList parts;

    /**
     * @param view becomes this capture's
     * @param predecessor null if there is none, whose dependent this becomes
     * @param firstParts the parts before the changes if there is no predecessor
     */
    Capture(
            long sequenceNumber,
            EntryView view,
            ChangedKeys changesBefore,
            ChangedKeys changesAfter,
            ReentrantLock making,
            Capture predecessor,
            PartList firstParts) {
        this.sequenceNumber = sequenceNumber;
        this.view = view;
        this.changesBefore = changesBefore;
        this.changesAfter = changesAfter;
        this.making = making;
        this.predecessor = predecessor;
        this.predecessorParts = firstParts;
    }

    /** The state, for as long as a dependent has not let go. */
    EntryView view() {
        return view;
    }

    /** What was written after it, at first. */
    ChangedKeys changesAfter() {
        return changesAfter;
    }

    /**
     * The parts; made at the first call, and those of captures before with them.
     *
     * @throws IOException if the state cannot be read
     */
    PartList parts() throws IOException {
        if (parts == null) {
            making.lock();
            try {
                Deque<Capture> unmade = new ArrayDeque<>();
                for (Capture each = this; each != null && each.parts == null; each = each.predecessor) {
                    unmade.push(each);
                }
                while (!unmade.isEmpty()) {
                    unmade.pop().makeParts();
                }
            } finally {
                making.unlock();
            }
        }
        return parts;
    }

    private void makeParts() throws IOException {
        PartList old = predecessor == null ? predecessorParts : predecessor.parts;
        try (EntryCursor cursor = view.cursor()) {
            PartUpdate update = new PartUpdate(old, sequenceNumber, cursor);
            parts = changesBefore.isEverything()
                    ? update.afterAnyChanges()
                    : update.afterChangesOf(changesBefore.iterator());
        }
        letGo(settle());
    }

    /** A dependent needs it no more. */
    void letGo() {
        letGo(this);
    }

    /** In a loop, because captures that were never asked for may be many. */
    private static void letGo(Capture first) {
        Capture capture = first;
        while (capture != null && capture.dependents.decrementAndGet() == 0) {
            capture = capture.settle();
        }
    }

    /**
     * Its parts are made, or never will be. Returns the predecessor, which it depends on no more; null at later calls.
     */
    private Capture settle() {
        if (!isSettled.compareAndSet(false, true)) {
            return null;
        }
        Capture released = predecessor;
        predecessor = null;
        predecessorParts = null;
        changesBefore = null;
        view.close();
        return released;
    }
}
