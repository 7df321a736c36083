package io.atlassmr.protocol.script;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.recovery.CheckpointWishes;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The state of a replica in a cluster: a digest over what was executed, and the checkpoints of it. It lives on disk at once. */
final class ScriptedState {

    private final ReconfigurationState initial;
    private final TreeMap<Long, CheckpointHeader> checkpoints = new TreeMap<>();
    private final TreeMap<Long, Certificate> certificates = new TreeMap<>();
    private Digest history = Digest.ZERO;
    private ReconfigurationState reconfiguration;
    private long lastCheckpoint;
    private CheckpointHeader gathered;

    /** @param initial what is agreed on before the first decision */
    ScriptedState(ReconfigurationState initial) {
        this.initial = initial;
        this.reconfiguration = initial;
    }

    /** Executes the next decision; returns the checkpoint that is due then. */
    Optional<ProtocolEvent> execute(Decision decision) {
        history = Sha256.of(history.toByteArray(), decision.batch().digest().toByteArray());
        reconfiguration = reconfiguration.after(decision);
        long s = decision.sequenceNumber();
        boolean asked = decision.batch().checkpoint() && s - lastCheckpoint >= CheckpointWishes.MIN_DISTANCE;
        int interval = reconfiguration.checkpointPolicy().interval();
        if (interval == 0 || !(s % interval == 0 || asked)) {
            return Optional.empty();
        }
        lastCheckpoint = s;
        checkpoints.put(s, CheckpointNotation.header(s, history, reconfiguration));
        return Optional.of(
                new ProtocolEvent.CheckpointTaken(s, checkpoints.get(s).digest()));
    }

    /** From now on it is not what was executed. */
    void diverge() {
        history = Sha256.of(history.toByteArray());
    }

    void wipe() {
        checkpoints.clear();
        certificates.clear();
        history = Digest.ZERO;
        reconfiguration = initial;
        lastCheckpoint = 0;
    }

    /** What was agreed on at this checkpoint; at the beginning for 0. */
    ReconfigurationState reconfiguration(long checkpoint) {
        CheckpointHeader header = checkpoints.get(checkpoint);
        return header == null ? initial : header.reconfiguration();
    }

    void keep(Certificate certificate, long oldestKept) {
        certificates.put(certificate.sequenceNumber(), certificate);
        certificates.headMap(oldestKept).clear();
        checkpoints.headMap(oldestKept).clear();
    }

    boolean keeps(long sequenceNumber) {
        return certificates.containsKey(sequenceNumber);
    }

    CheckpointOffer offer(Certificate lastDecided) {
        return certificates.isEmpty()
                ? new CheckpointOffer(null, null, lastDecided)
                : new CheckpointOffer(
                        certificates.lastEntry().getValue(), checkpoints.get(certificates.lastKey()), lastDecided);
    }

    /** What becomes of a state transfer on this side. */
    List<ProtocolEvent> perform(StateTransferEffect effect, MemoryLog log) {
        return switch (effect) {
            case StateTransferEffect.Begin(var _, CheckpointHeader header) -> {
                gathered = header;
                yield List.of();
            }
            case StateTransferEffect.Install(long s, long replayTo) -> {
                checkpoints.put(s, gathered);
                history = gathered.historyDigest();
                reconfiguration = gathered.reconfiguration();
                lastCheckpoint = s;
                for (Decision decision : log.decisions(s + 1, replayTo)) {
                    Optional<ProtocolEvent> _ = execute(decision);
                }
                yield List.of(new ProtocolEvent.Transfer(
                        new StateTransferEvent.Installed(s, Math.max(s, replayTo), reconfiguration)));
            }
            case StateTransferEffect.AskOffers _,
                    StateTransferEffect.AskPages _,
                    StateTransferEffect.AskParts _,
                    StateTransferEffect.PeerDropped _ -> List.of();
        };
    }
}
