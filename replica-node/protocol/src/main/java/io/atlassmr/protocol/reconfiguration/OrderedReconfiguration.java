package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.reconfiguration.state.Admission;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;

/** {@link ReconfigurationProtocol} whose commands are decided like requests, in batches, and judged at their delivery. */
public final class OrderedReconfiguration implements ReconfigurationProtocol {

    private final int self;
    private final long repeatMillis;
    private final Outbox outbox;
    private final Newcomer newcomer;
    private final PendingCommands pending = new PendingCommands();
    private final TreeMap<Integer, Long> approvedAtMillis = new TreeMap<>();
    private final TreeMap<Integer, Long> askedEpochsAtMillis = new TreeMap<>();
    private ReconfigurationState state;
    private EpochHistory epochs;
    private Roster roster;

    /**
     * @param repeatMillis between two answers to the same replica
     * @param start what the log remembers
     */
    public OrderedReconfiguration(int self, long repeatMillis, ReconfigurationStart start, Outbox outbox) {
        this.self = self;
        this.repeatMillis = repeatMillis;
        this.outbox = outbox;
        this.newcomer = new Newcomer(self, outbox);
        this.state = start.state();
        this.epochs = start.epochs();
        this.roster = known();
    }

    @Override
    public Roster roster() {
        return roster;
    }

    @Override
    public ReconfigurationState state() {
        return state;
    }

    @Override
    public EpochHistory epochs() {
        return epochs;
    }

    @Override
    public long lastSequenceNumber() {
        return state.lastSequenceNumber();
    }

    @Override
    public boolean allows(long sequenceNumber, Batch batch) {
        return state.allows(sequenceNumber, batch);
    }

    @Override
    public void submit(SignedCommand command, boolean forwarded, long nowMillis) {
        if (state.outcome(command.digest()).isPresent()) {
            return;
        }
        if (command.command() instanceof Command.Accuse) {
            // Replicas accuse by themselves, with the proofs that they tell each other.
            if (!forwarded) {
                outbox.add(new ProtocolEffect.RefuseCommand(command, Refusal.WRONG_SIGNER));
            }
            return;
        }
        Refusal refusal = null;
        if (command.expectedEpoch() != state.current().number()) {
            refusal = Refusal.STALE_EPOCH;
        } else if (!state.knowsSigner(command)) {
            refusal = Refusal.WRONG_SIGNER;
        }
        if (refusal != null) {
            if (!forwarded) {
                outbox.add(new ProtocolEffect.RefuseCommand(command, refusal));
            }
        } else if (pending.add(command, nowMillis) && !forwarded) {
            outbox.add(new ProtocolEffect.ForwardCommands(List.of(command)));
        }
    }

    @Override
    public void accuse(int member, byte[] proof, long nowMillis) {
        if (state.mayBar(member) && state.current().membership().contains(self)) {
            boolean _ = pending.add(
                    CommandCodec.accuse(state.current().number(), new Command.Accuse(member, proof)), nowMillis);
        }
    }

    @Override
    public List<SignedCommand> takeForProposal() {
        return pending.takeUnproposed();
    }

    @Override
    public boolean hasWork() {
        return state.next() != null || pending.hasUnproposed();
    }

    @Override
    public boolean leaderOwes() {
        return state.next() != null || pending.hasUnproposedToTell();
    }

    @Override
    public boolean overdue(long timeoutMillis, long nowMillis) {
        return pending.overdue(timeoutMillis, nowMillis);
    }

    @Override
    public void proposeAgain() {
        pending.proposeAgain();
    }

    @Override
    public void delivered(Decision decision) {
        ReconfigurationState before = state;
        state = state.after(decision);
        decision.batch().commands().forEach(command -> pending.remove(command.digest()));
        forgetAccusations();
        Epoch begun = decision.batch().epoch();
        if (begun != null) {
            learn(List.of(decision));
            if (!epochs.of(begun.number()).filter(begun::equals).isPresent()) {
                throw new IllegalStateException("decision " + decision.sequenceNumber() + " begins " + begun
                        + ", proven was " + epochs.of(begun.number()));
            }
        }
        if (!state.equals(before)) {
            updateRoster();
        }
    }

    @Override
    public void installed(ReconfigurationState later) {
        state = later;
        pending.removeIf(command -> later.outcome(command.digest()).isPresent());
        forgetAccusations();
        updateRoster();
    }

    /** Those that would change nothing any more. */
    private void forgetAccusations() {
        pending.removeIf(command ->
                command.command() instanceof Command.Accuse(int accused, byte[] _) && !state.mayBar(accused));
    }

    @Override
    public void entered() {
        approvedAtMillis.clear();
        long epoch = state.current().number();
        pending.removeIf(command -> command.expectedEpoch() != epoch).stream()
                .filter(stale -> !(stale.command() instanceof Command.Accuse))
                .forEach(stale -> outbox.add(new ProtocolEffect.RefuseCommand(stale, Refusal.STALE_EPOCH)));
        pending.proposeAgain();
    }

    @Override
    public void heard(int peer, long epoch, long nowMillis) {
        long missing = epochs.latest().number() + 1;
        Long askedAtMillis = askedEpochsAtMillis.get(peer);
        if (epoch >= missing && (askedAtMillis == null || nowMillis - askedAtMillis >= repeatMillis / 2)) {
            askedEpochsAtMillis.put(peer, nowMillis);
            outbox.add(new ProtocolEffect.RequestEpochs(peer, missing));
        }
    }

    /** Those of epochs that are known already were not even verified. */
    @Override
    public void learn(List<Decision> links) {
        boolean learned = false;
        for (Decision link : links) {
            Epoch begun = link.batch().epoch();
            if (begun.number() == epochs.latest().number() + 1) {
                epochs = epochs.plus(begun);
                outbox.persist(new LogRecord.EpochRecord(link), () -> {});
                learned = true;
            }
        }
        if (learned) {
            updateRoster();
        }
    }

    @Override
    public void receiveRequest(Signed<JoinRequest> request, JoinConditions conditions, long nowMillis) {
        int id = request.signer();
        Admission admission = state.admissions().get(id);
        Long approved = approvedAtMillis.get(id);
        boolean may = admission != null
                && admission.command().equals(request.message().admission())
                && request.epoch() == state.current().number()
                && state.next() == null
                && state.current().membership().contains(self);
        boolean caughtUp = conditions.complete()
                && Math.abs(request.message().lastDecided() - conditions.lastDelivered()) <= state.window();
        if (may && caughtUp && (approved == null || nowMillis - approved >= repeatMillis / 2)) {
            approvedAtMillis.put(id, nowMillis);
            outbox.add(new ProtocolEffect.Broadcast(
                    new JoinApproval(id, admission.command()),
                    null,
                    state.current().number()));
        }
    }

    @Override
    public void receiveApproval(Signed<JoinApproval> approval) {
        newcomer.approved(approval, state).ifPresent(join -> {
            if (pending.add(join, 0)) {
                outbox.add(new ProtocolEffect.ForwardCommands(List.of(join)));
            }
        });
    }

    @Override
    public void repeat(JoinConditions conditions) {
        if (!pending.toTell().isEmpty()) {
            outbox.add(new ProtocolEffect.ForwardCommands(pending.toTell()));
        }
        newcomer.ask(state, conditions);
    }

    private void updateRoster() {
        Roster now = known();
        if (!now.equals(roster)) {
            roster = now;
            outbox.add(new ProtocolEffect.RosterChanged(now));
        }
    }

    private Roster known() {
        Epoch next = state.next();
        boolean announced = next != null && next.number() > epochs.latest().number();
        TreeMap<Integer, Member> admitted = new TreeMap<>();
        state.admissions().forEach((id, admission) -> admitted.put(id, admission.newcomer()));
        LinkedHashSet<Member> peers =
                new LinkedHashSet<>(epochs.latest().membership().members());
        if (next != null) {
            peers.addAll(next.membership().members());
        }
        peers.addAll(state.current().membership().members());
        // They may lack its last decisions still, or be the only ones who have them.
        epochs.of(state.current().number() - 1)
                .map(Epoch::membership)
                .map(Membership::members)
                .ifPresent(peers::addAll);
        peers.addAll(admitted.values());
        return new Roster(
                announced ? epochs.plus(next) : epochs, epochs.latest().number(), admitted, new ArrayList<>(peers));
    }
}
