package io.atlassmr.protocol.script;

import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Protocol messages as text.
 *
 * <pre>
 * pre-prepare v0 s1 {a1}      prepare v0 s1 {a1}      commit v0 s1 {a1}
 * suspect v0                  hand-over v0
 * checkpoint s4 x                                a vote for the checkpoint after decision 4, of the state called x
 * view-change v1 decided 2 prepared s3@v0={c1}
 * view-change v1 decided 6 on s4=x               with a checkpoint as proof
 * view-change v1 decided 2 by s1@v0={a1} s2@v0={b1} prepared s3@v0={c1}
 * new-view v1 from (1 decided 2 prepared s3@v0={c1}) (2 decided 2) (3 decided 0)
 * </pre>
 *
 * <p>Signatures are the signer's id in one byte: {@code MessageVerifier} has tests of its own.
 */
final class MessageNotation {

    static final long EPOCH = 1;

    private final Quorum quorum;
    private final BatchNotation batches;
    private final CheckpointNotation checkpoints;

    MessageNotation(Quorum quorum, BatchNotation batches, CheckpointNotation checkpoints) {
        this.quorum = quorum;
        this.batches = batches;
        this.checkpoints = checkpoints;
    }

    static <M extends ProtocolMessage> Signed<M> sign(int signer, M message) {
        return sign(signer, message, EPOCH);
    }

    static <M extends ProtocolMessage> Signed<M> sign(int signer, M message, long epoch) {
        return new Signed<>(message, signer, epoch, signature(signer));
    }

    private static byte[] signature(int signer) {
        return new byte[] {(byte) signer};
    }

    ProtocolMessage message(Words words) {
        String kind = words.next();
        if (kind.equals("checkpoint")) {
            long sequenceNumber = words.number('s');
            return new CheckpointVote(sequenceNumber, checkpoints.digest(sequenceNumber, words.next()));
        }
        long view = words.number('v');
        return switch (kind) {
            case "pre-prepare" ->
                new PrePrepare(
                        view, words.number('s'), batches.batch(words.next()).digest());
            case "prepare" ->
                new Prepare(view, words.number('s'), batches.batch(words.next()).digest());
            case "commit" ->
                new Commit(view, words.number('s'), batches.batch(words.next()).digest());
            case "suspect" -> new Suspect(view, false);
            case "hand-over" -> new Suspect(view, true);
            case "view-change" -> viewChange(view, words);
            case "new-view" -> newView(view, words);
            default -> throw new ScriptException("no message is called \"" + kind + "\"");
        };
    }

    private ViewChange viewChange(long view, Words words) {
        long lastDecided = words.take("decided") ? words.number() : 0;
        Certificate checkpoint = words.take("on") ? checkpoints.certificate(words.next()) : null;
        List<Certificate> decided = new ArrayList<>();
        if (words.take("by")) {
            for (long s = checkpoint == null ? 1 : checkpoint.sequenceNumber() + 1; s <= lastDecided; s++) {
                decided.add(certificate(words.next()));
            }
        }
        List<Certificate> prepared = new ArrayList<>();
        if (words.take("prepared")) {
            words.rest().forEach(text -> prepared.add(certificate(text)));
        }
        return new ViewChange(view, lastDecided, checkpoint, decided, prepared);
    }

    private NewView newView(long view, Words words) {
        words.expect("from");
        List<Signed<ViewChange>> viewChanges = new ArrayList<>();
        for (String group : words.rest()) {
            Words inner = new Words(group.substring(1, group.length() - 1));
            int signer = (int) inner.number();
            viewChanges.add(sign(signer, viewChange(view, inner)));
        }
        return new NewView(view, viewChanges);
    }

    /** A certificate such as {@code s3@v0={c1}}. */
    private Certificate certificate(String text) {
        return decision(text).certificate();
    }

    Decision decision(String text) {
        int at = text.indexOf('@');
        int equals = text.indexOf('=');
        if (text.charAt(0) != 's' || at < 0 || equals < at || text.charAt(at + 1) != 'v') {
            throw new ScriptException("not a certificate: \"" + text + "\"");
        }
        Batch batch = batches.batch(text.substring(equals + 1));
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer = 0; signer < quorum.size(); signer++) {
            signatures.add(new VoteSignature(signer, signature(signer)));
        }
        long view = Long.parseLong(text.substring(at + 2, equals));
        return new Decision(
                new Certificate(view, Long.parseLong(text.substring(1, at)), batch.digest(), signatures), batch);
    }

    String text(Decision decision) {
        return text(decision.certificate());
    }

    private String text(Certificate certificate) {
        return "s" + certificate.sequenceNumber() + "@v" + certificate.view() + "="
                + batches.text(certificate.digest());
    }

    String text(ProtocolMessage message) {
        return switch (message) {
            case PrePrepare m -> "pre-prepare" + place(m.view(), m.sequenceNumber()) + batches.text(m.digest());
            case Prepare m -> "prepare" + place(m.view(), m.sequenceNumber()) + batches.text(m.digest());
            case Commit m -> "commit" + place(m.view(), m.sequenceNumber()) + batches.text(m.digest());
            case Suspect m -> (m.handover() ? "hand-over v" : "suspect v") + m.view();
            case ViewChange m -> "view-change v" + m.view() + " " + claims(m);
            case CheckpointVote m -> "checkpoint s" + m.sequenceNumber() + " " + checkpoints.text(m.digest());
            case JoinRequest m -> "asks to join, decided " + m.lastDecided();
            case JoinApproval m -> "approves of " + m.newcomer();
            case NewView m ->
                "new-view v" + m.view() + " from "
                        + m.viewChanges().stream()
                                .map(signed -> "(" + signed.signer() + " " + claims(signed.message()) + ")")
                                .collect(Collectors.joining(" "));
        };
    }

    private static String place(long view, long sequenceNumber) {
        return " v" + view + " s" + sequenceNumber + " ";
    }

    private String claims(ViewChange viewChange) {
        String decided = "decided " + viewChange.lastDecided()
                + (viewChange.checkpoint() == null ? "" : " on " + checkpoints.text(viewChange.checkpoint()));
        if (viewChange.prepared().isEmpty()) {
            return decided;
        }
        return decided + " prepared "
                + viewChange.prepared().stream().map(this::text).collect(Collectors.joining(" "));
    }
}
