package io.atlassmr.simulation;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionImage;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.simulation.execution.InterleavedRunner;
import io.atlassmr.simulation.scenario.Seams;
import io.atlassmr.transport.admission.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Bugs that somebody could write into the protocols, put in from outside. */
final class PlantedBug {

    private PlantedBug() {}

    /** Among five, three decide in place of four. */
    static Seams quorumOneTooSmall() {
        return Seams.none().withQuorum(_ -> new Quorum(4));
    }

    /** What is written in these families is forgotten. */
    static Seams notPersisted(RecordFamily family) {
        return Seams.none().withLog(log -> new ForwardingLog(log) {
            @Override
            public void write(List<LogWrite> writes) throws IOException {
                super.write(writes.stream()
                        .filter(write -> write.family() != family)
                        .toList());
            }
        });
    }

    /** Nothing is ever synced. */
    static Seams notSynced() {
        return Seams.none().withLog(log -> new ForwardingLog(log) {
            @Override
            public void sync() {}
        });
    }

    /** A leader is believed what it opens its view with. */
    static Seams newViewUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException {
                if (!(signed.message() instanceof NewView)) {
                    super.verify(signed);
                }
            }
        });
    }

    /** A peer is believed what it says it can prove. */
    static Seams proofUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Proof proof) {}
        });
    }

    /** A decision is believed without its certificate. */
    static Seams decisionUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Decision decision) {}
        });
    }

    /** A leader is believed that clients asked for what it proposes. */
    static Seams batchUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Batch batch) {}
        });
    }

    /** A leader is believed whom it accuses. */
    static Seams accusationUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Batch batch) throws RejectedMessageException {
                if (batch.commands().stream().noneMatch(command -> command.command() instanceof Command.Accuse)) {
                    super.verify(batch);
                }
            }
        });
    }

    /** Operations that are executed ahead, on the state before their batch, count whatever came before them in the batch. */
    static Seams conflictsIgnored() {
        return Seams.none()
                .withRunner((application, runner) ->
                        runner instanceof InterleavedRunner ? new ConflictBlindRunner(application) : runner);
    }

    /** The leader alone vouches for what it proposes. */
    static Seams oneVoucher() {
        return Seams.none().withVouchers(_ -> 1);
    }

    /** What was executed is executed again. */
    static Seams duplicatesExecuted() {
        return Seams.none().withDuplicates(sessions -> new DuplicateFilter() {
            @Override
            public Admission admit(ClientBundle bundle, long number, long sequenceNumber, long agreedTimeMillis) {
                return switch (sessions.admit(bundle, number, sequenceNumber, agreedTimeMillis)) {
                    case Answer(Reply reply) when reply.outcome() == Reply.Outcome.OK -> new Execute();
                    case Admission admission -> admission;
                };
            }

            @Override
            public void answered(ClientBundle bundle, Reply reply) {
                sessions.answered(bundle, reply);
            }

            @Override
            public Reply remembered(ClientBundle bundle, long number) {
                return sessions.remembered(bundle, number);
            }

            @Override
            public SessionImage capture() {
                return sessions.capture();
            }

            @Override
            public void restore(InputStream input) throws IOException {
                sessions.restore(input);
            }
        });
    }

    /** A restarted leader goes on as if it had proposed nothing. */
    static Seams restartUnnoticed() {
        return Seams.none()
                .withRemembered(state -> new OrderingState(
                        state.restarted() && !state.active(),
                        state.view(),
                        state.active(),
                        state.newView(),
                        state.checkpoint(),
                        state.firstAvailable(),
                        state.abstention(),
                        state.silentUpTo(),
                        state.lastDecided(),
                        state.lastExecuted(),
                        state.recentDecisions(),
                        state.prepares(),
                        state.commits()));
    }

    /** A replica that lost its votes votes at once. */
    static Seams votesAfterAWipe() {
        return Seams.none()
                .withRemembered(state -> new OrderingState(
                        state.restarted(),
                        state.view(),
                        state.active(),
                        state.newView(),
                        state.checkpoint(),
                        state.firstAvailable(),
                        LogRecord.AbstentionRecord.NONE,
                        state.silentUpTo(),
                        state.lastDecided(),
                        state.lastExecuted(),
                        state.recentDecisions(),
                        state.prepares(),
                        state.commits()));
    }

    /** A new membership is in force before everybody who votes has to know of it. */
    static Seams epochEndsTooEarly() {
        return Seams.none().withEpochDistance(window -> window - 1);
    }

    /** Whoever votes is counted, whether it is a member, is none yet, or is none any more. */
    static Seams strangersVote() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException {
                try {
                    super.verify(signed);
                } catch (RejectedMessageException e) {
                    if (e.reason() != Reason.NOT_A_MEMBER || !(signed.message() instanceof Vote)) {
                        throw e;
                    }
                }
            }
        });
    }

    /** A decision is believed if it is a quorum's of any epoch, and be it over. */
    static Seams oldQuorumBelieved() {
        return Seams.none().withVerification((verification, roster) -> new ForwardingVerification(verification) {
            @Override
            public void verify(Decision decision) throws RejectedMessageException {
                try {
                    super.verify(decision);
                } catch (RejectedMessageException e) {
                    if (roster.get().epochs().epochs().stream().noneMatch(epoch -> isLinkOf(decision, epoch))) {
                        throw e;
                    }
                }
            }

            private boolean isLinkOf(Decision decision, Epoch epoch) {
                try {
                    ((MessageVerifier) verification).verifyLink(decision, epoch.membership());
                    return true;
                } catch (RejectedMessageException _) {
                    return false;
                }
            }
        });
    }

    /** Whoever tells of an epoch is believed. */
    static Seams chainUnverified() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verifyEpochs(List<Decision> decisions) {}
        });
    }

    /** Whatever a peer gives for a part of a state is believed. */
    static Seams partUnverified() {
        return Seams.none().withParts((_, _, _) -> true);
    }

    /** A checkpoint is believed that one replica too few has signed. */
    static Seams checkpointOfTooFew() {
        return Seams.none().withVerification(verification -> new ForwardingVerification(verification) {
            @Override
            public void verifyCheckpoint(Certificate certificate) throws RejectedMessageException {
                // Of four replicas, three are a quorum.
                if (certificate.signatures().size() != 2) {
                    super.verifyCheckpoint(certificate);
                }
            }
        });
    }

    /** Decisions that peers give are answered as if they were new. */
    static Seams repliesTwice() {
        return Seams.none().withResults(results -> new ForwardingResults(results) {
            @Override
            public void onExecuted(Decision decision, ExecutedBatch executed, boolean answered)
                    throws InterruptedException {
                super.onExecuted(decision, executed, false);
            }
        });
    }
}
