package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.ArrayList;
import java.util.List;

/** What the log remembers, as instances. */
final class Recollection {

    private Recollection() {}

    /**
     * Fills the instances with the last decisions, the prepared certificates, and the votes of the view that is open.
     *
     * @return the highest position this replica decided or voted at
     */
    static long into(Instances instances, OrderingState start) {
        for (Decision decision : start.recentDecisions()) {
            instances.at(decision.sequenceNumber()).decision = decision;
        }
        long highest = start.lastDecided();
        for (LogRecord.CommitRecord record : start.commits()) {
            Certificate certificate = record.certificate();
            if (certificate.sequenceNumber() > start.lastDecided()) {
                Instance instance = instances.at(certificate.sequenceNumber());
                instance.prepared = certificate;
                instance.preparedBatch = record.batch();
                instance.commitGiven = start.active() && certificate.view() == start.view();
                highest = Math.max(highest, certificate.sequenceNumber());
            }
        }
        for (LogRecord.PrepareRecord record : start.prepares()) {
            if (record.sequenceNumber() > start.lastDecided() && start.active() && record.view() == start.view()) {
                Instance instance = instances.at(record.sequenceNumber());
                instance.accept(record.batch().digest(), record.batch());
                instance.bound = true;
                instance.prepareGiven = true;
                highest = Math.max(highest, record.sequenceNumber());
            }
        }
        return highest;
    }

    /** The votes that this replica has given in this view above {@code lastDelivered}, ascending. */
    static List<Vote> votesGiven(Instances instances, long lastDelivered, long view) {
        List<Vote> votes = new ArrayList<>();
        for (Instance instance : instances.above(lastDelivered)) {
            if (instance.prepareGiven) {
                votes.add(new Prepare(view, instance.sequenceNumber, instance.accepted));
            }
            if (instance.commitGiven) {
                votes.add(new Commit(view, instance.sequenceNumber, instance.prepared.digest()));
            }
        }
        return votes;
    }
}
