package io.atlassmr.protocol.evidence;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ViewChange;

/**
 * What a member's view changes owe to what it signed before. What a replica has decided and prepared only grows: it is made
 * durable before it is spoken of, and a replica that lost it signs no view change until it has more.
 */
public final class ViewChangeRules {

    private ViewChangeRules() {}

    /**
     * Whether two changes to one view cannot both be honest. A replica may ask for a view again, after a restart for example,
     * with more to show than before; it never shows less.
     */
    public static boolean contradict(ViewChange one, ViewChange other) {
        return one.view() == other.view() && !covers(one, other) && !covers(other, one);
    }

    private static boolean covers(ViewChange later, ViewChange earlier) {
        if (later.lastDecided() < earlier.lastDecided()) {
            return false;
        }
        for (Certificate prepared : earlier.prepared()) {
            if (prepared.sequenceNumber() > later.lastDecided()) {
                Certificate shown = shown(later, prepared.sequenceNumber());
                if (shown == null || shown.view() < prepared.view()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the change leaves out what this commit promised to show. */
    public static boolean conceals(ViewChange change, Commit commit) {
        if (change.view() <= commit.view() || commit.sequenceNumber() <= change.lastDecided()) {
            return false;
        }
        Certificate shown = shown(change, commit.sequenceNumber());
        if (shown == null || shown.view() < commit.view()) {
            return true;
        }
        return shown.view() == commit.view() && !shown.digest().equals(commit.digest());
    }

    private static Certificate shown(ViewChange change, long sequenceNumber) {
        for (Certificate prepared : change.prepared()) {
            if (prepared.sequenceNumber() == sequenceNumber) {
                return prepared;
            }
        }
        return null;
    }
}
