package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.evidence.EvidenceEffect;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Effects as lines, and the topic under which a script shows or hides them. */
final class EffectText {

    /** What effects are about. */
    enum Topic {
        PROPOSAL,
        VOTE,
        SUSPICION,
        VIEW,
        SEND,
        RESEND,
        STATUS,
        FORWARD,
        ASK,
        SERVE,
        PERSIST,
        DELIVER,
        RELEASE,
        ANSWER,
        CHECKPOINT,
        TRANSFER,
        EVIDENCE,
        MEMORY,
        JOIN,
        COMMAND,
        ROSTER,
        EPOCH;

        static Topic of(String name) {
            return valueOf(name.toUpperCase(java.util.Locale.ROOT));
        }
    }

    private final MessageNotation messages;
    private final BatchNotation batches;
    private final CheckpointNotation checkpoints;

    EffectText(MessageNotation messages, BatchNotation batches, CheckpointNotation checkpoints) {
        this.messages = messages;
        this.batches = batches;
        this.checkpoints = checkpoints;
    }

    static Topic topic(ProtocolEffect effect) {
        return switch (effect) {
            case ProtocolEffect.Broadcast(ProtocolMessage message, Batch _, long _) ->
                switch (message) {
                    case PrePrepare _ -> Topic.PROPOSAL;
                    case Vote _ -> Topic.VOTE;
                    case Suspect _ -> Topic.SUSPICION;
                    case ViewChange _, NewView _ -> Topic.VIEW;
                    case CheckpointVote _ -> Topic.CHECKPOINT;
                    case JoinRequest _, JoinApproval _ -> Topic.JOIN;
                };
            case ProtocolEffect.SendMessages _ -> Topic.SEND;
            case ProtocolEffect.Resend _ -> Topic.RESEND;
            case ProtocolEffect.SendStatus _ -> Topic.STATUS;
            case ProtocolEffect.AskMemory _, ProtocolEffect.TellMemory _ -> Topic.MEMORY;
            case ProtocolEffect.Forward _ -> Topic.FORWARD;
            case ProtocolEffect.RequestInstances _, ProtocolEffect.RequestDecisions _ -> Topic.ASK;
            case ProtocolEffect.ServeDecisions _ -> Topic.SERVE;
            case ProtocolEffect.Persist _ -> Topic.PERSIST;
            case ProtocolEffect.Deliver _ -> Topic.DELIVER;
            case ProtocolEffect.Release _ -> Topic.RELEASE;
            case ProtocolEffect.AnswerAgain _, ProtocolEffect.Refuse _ -> Topic.ANSWER;
            case ProtocolEffect.ViewInstalled _, ProtocolEffect.ViewTransferStarted _ -> Topic.VIEW;
            case ProtocolEffect.Transfer _ -> Topic.TRANSFER;
            case ProtocolEffect.CheckpointStable _, ProtocolEffect.ReportDivergence _ -> Topic.CHECKPOINT;
            case ProtocolEffect.ReportEvidence _, ProtocolEffect.Evidence _ -> Topic.EVIDENCE;
            case ProtocolEffect.ForwardCommands _ -> Topic.COMMAND;
            case ProtocolEffect.RefuseCommand _ -> Topic.ANSWER;
            case ProtocolEffect.RequestEpochs _ -> Topic.ASK;
            case ProtocolEffect.ServeEpochs _ -> Topic.SERVE;
            case ProtocolEffect.RosterChanged _ -> Topic.ROSTER;
            case ProtocolEffect.EpochEntered _ -> Topic.EPOCH;
        };
    }

    String text(ProtocolEffect effect) {
        return switch (effect) {
            case ProtocolEffect.Broadcast(ProtocolMessage message, Batch batch, long _) -> {
                if (batch != null) {
                    batches.text(batch);
                }
                yield "broadcast " + messages.text(message);
            }
            case ProtocolEffect.SendMessages(int to, var signed, var bodies) ->
                "send " + to + ": " + contents(signed, bodies);
            case ProtocolEffect.Resend(var signed, var bodies) -> "resend " + contents(signed, bodies);
            case ProtocolEffect.SendStatus(PeerStatus status) ->
                "status " + (status.epoch() > 1 ? "epoch " + status.epoch() + " " : "") + "v" + status.view()
                        + " decided " + status.lastDecided()
                        + (status.inViewTransfer() ? " in transfer" : "")
                        + (status.stableCheckpoint() > 0 ? " stable " + status.stableCheckpoint() : "")
                        + (status.firstAvailable() > 1 ? " log from " + status.firstAvailable() : "")
                        + (status.wantsCheckpoint() > 0 ? " wants checkpoint " + status.wantsCheckpoint() : "")
                        + (status.wantsView() > 0 ? " wants v" + status.wantsView() : "")
                        + (status.needs() > 0 ? " needs " + status.needs() : "")
                        + (status.drains() ? " drains" : "");
            case ProtocolEffect.AskMemory _ -> "ask all what they remember";
            case ProtocolEffect.TellMemory(int to, var memory) ->
                "tell " + to + ": remembers v" + memory.view() + " proves " + memory.provenDecision();
            case ProtocolEffect.Forward(int to, var bundles) -> "forward to " + to + ": " + BatchNotation.text(bundles);
            case ProtocolEffect.RequestInstances(int to, long view, long from, long last) ->
                "ask " + to + " for instances " + from + ".." + last + " of v" + view;
            case ProtocolEffect.RequestDecisions(int to, long from, long last) ->
                "ask " + to + " for decisions " + from + ".." + last;
            case ProtocolEffect.ServeDecisions(int to, long from, long last) ->
                "serve " + to + " decisions " + from + ".." + last;
            case ProtocolEffect.Persist(long ticket, var records) ->
                "persist #" + ticket + ": " + records.stream().map(this::text).collect(Collectors.joining(", "));
            case ProtocolEffect.Deliver(var decision, boolean answered) ->
                "deliver " + messages.text(decision) + (answered ? " answered" : "");
            case ProtocolEffect.Release(long sequenceNumber) -> "release s" + sequenceNumber;
            case ProtocolEffect.AnswerAgain(var bundle) -> "answer again " + BatchNotation.text(bundle);
            case ProtocolEffect.Refuse(var bundle) -> "refuse " + BatchNotation.text(bundle);
            case ProtocolEffect.ViewInstalled(long view, int leader) -> "open v" + view + ", led by " + leader;
            case ProtocolEffect.ViewTransferStarted(long view) -> "leave for v" + view;
            case ProtocolEffect.Transfer(var transfer) -> text(transfer);
            case ProtocolEffect.CheckpointStable(var certificate, long oldestKept) ->
                "checkpoint " + checkpoints.text(certificate) + " stable, keep from " + oldestKept;
            case ProtocolEffect.ReportDivergence(var certificate) ->
                "diverged from checkpoint " + checkpoints.text(certificate);
            case ProtocolEffect.ReportEvidence(int member, String _) -> "evidence against " + member;
            case ProtocolEffect.Evidence(var evidence) -> text(evidence);
            case ProtocolEffect.ForwardCommands(var commands) ->
                "tell on " + commands.stream().map(CommandNotation::text).collect(Collectors.joining(" "));
            case ProtocolEffect.RefuseCommand(var command, var refusal) ->
                "refuse " + CommandNotation.text(command) + ": " + refusal.text();
            case ProtocolEffect.RequestEpochs(int to, long fromEpoch) -> "ask " + to + " for epochs from " + fromEpoch;
            case ProtocolEffect.ServeEpochs(int to, long fromEpoch) -> "serve " + to + " epochs from " + fromEpoch;
            case ProtocolEffect.RosterChanged(var roster) ->
                "knows epochs to " + roster.epochs().latest().number() + ", proven to " + roster.provenEpoch()
                        + (roster.admitted().isEmpty()
                                ? ""
                                : ", admits " + roster.admitted().keySet())
                        + ", talks to " + roster.peersOf(-1);
            case ProtocolEffect.EpochEntered(var epoch) ->
                "enter epoch " + epoch.number() + " above s" + epoch.base() + ": " + BatchNotation.ids(epoch);
        };
    }

    private String text(StateTransferEffect effect) {
        return switch (effect) {
            case StateTransferEffect.AskOffers _ -> "ask all for offers";
            case StateTransferEffect.Begin(var certificate, var _) ->
                "gather checkpoint " + checkpoints.text(certificate);
            case StateTransferEffect.AskPages(int to, long s, var pages) ->
                "ask " + to + " for pages " + pages + " of checkpoint s" + s;
            case StateTransferEffect.AskParts(int to, long s, var indexes) ->
                "ask " + to + " for parts " + indexes + " of checkpoint s" + s;
            case StateTransferEffect.Install(long s, long replayTo) ->
                "install checkpoint s" + s + ", replay to s" + replayTo;
            case StateTransferEffect.PeerDropped(int peer, String why) -> "drop " + peer + ": " + why;
        };
    }

    private String contents(List<Signed<? extends ProtocolMessage>> signed, List<Batch> bodies) {
        List<String> parts = new ArrayList<>();
        signed.forEach(message -> parts.add(messages.text(message.message())));
        bodies.forEach(body -> parts.add("body " + batches.text(body)));
        return String.join(", ", parts);
    }

    private static String text(EvidenceEffect effect) {
        return switch (effect) {
            case EvidenceEffect.Tell(int to, var proofs) -> "tell " + to + " " + proofs.size() + " proofs";
            case EvidenceEffect.TellAll(var proof) ->
                "tell all " + proof.misdeed().kind() + " of " + proof.accused();
            case EvidenceEffect.Name(int to, var known) -> "name " + known.size() + " proofs to " + to;
            case EvidenceEffect.NameToAll(var known) -> "name " + known.size() + " proofs to all";
        };
    }

    private String text(LogRecord record) {
        return switch (record) {
            case LogRecord.PrepareRecord(long view, long sequenceNumber, Batch batch, Batch certified) ->
                "prepare v" + view + " s" + sequenceNumber + " " + batches.text(batch)
                        + (certified == null ? "" : " beside " + batches.text(certified));
            case LogRecord.CommitRecord(var certificate, Batch batch) ->
                "prepared s" + certificate.sequenceNumber() + "@v" + certificate.view() + "=" + batches.text(batch);
            case LogRecord.DecisionRecord(var certificate, Batch batch) ->
                "decision s" + certificate.sequenceNumber() + "@v" + certificate.view() + "=" + batches.text(batch);
            case LogRecord.EpochRecord(var decision) ->
                "epoch " + decision.batch().epoch().number();
            case LogRecord.ViewRecord(long epoch, long view, boolean active, var _) ->
                (epoch > 1 ? "epoch " + epoch + " " : "") + "v" + view + (active ? " open" : " asked for");
            case LogRecord.CheckpointRecord(var certificate, long pruneUpTo) ->
                "checkpoint " + checkpoints.text(certificate) + " prune to s" + pruneUpTo;
            case LogRecord.AbstentionRecord r when r.equals(LogRecord.AbstentionRecord.NONE) -> "abstain no more";
            case LogRecord.AbstentionRecord r when r.equals(LogRecord.AbstentionRecord.UNKNOWN) -> "abstain";
            case LogRecord.AbstentionRecord(long until, long afterView) ->
                "abstain until " + until + " and after v" + afterView;
            case LogRecord.EvidenceRecord(var proof) -> "evidence against " + proof.accused();
        };
    }
}
