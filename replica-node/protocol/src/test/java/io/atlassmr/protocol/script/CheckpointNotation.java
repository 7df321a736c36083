package io.atlassmr.protocol.script;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent.MissingPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checkpoints as text: {@code s4=x} is the checkpoint after decision 4 of a state called x. A state that no script named is called by
 * a number. Every checkpoint has one page, which names two parts of 1 MiB each.
 */
final class CheckpointNotation {

    static final int PARTS = 2;
    private static final int MIB = 1 << 20;

    private final int quorumSize;
    private final ReconfigurationState reconfiguration;
    private final Map<Digest, String> names = new HashMap<>();

    /** @param reconfiguration of the checkpoints that scripts name */
    CheckpointNotation(int quorumSize, ReconfigurationState reconfiguration) {
        this.quorumSize = quorumSize;
        this.reconfiguration = reconfiguration;
    }

    /** The header of a checkpoint of the state with this history. */
    static CheckpointHeader header(long sequenceNumber, Digest history, ReconfigurationState reconfiguration) {
        return new CheckpointHeader(
                sequenceNumber, 0, history, reconfiguration, 1, Digest.ZERO, PARTS, (long) PARTS * MIB);
    }

    private CheckpointHeader header(long sequenceNumber, String state) {
        CheckpointHeader header =
                header(sequenceNumber, Sha256.of(state.getBytes(StandardCharsets.US_ASCII)), reconfiguration);
        names.put(header.digest(), state);
        return header;
    }

    /** What is voted for at this place by those who have this state. */
    Digest digest(long sequenceNumber, String state) {
        return header(sequenceNumber, state).digest();
    }

    String text(Digest digest) {
        return names.computeIfAbsent(digest, _ -> "#" + (names.size() + 1));
    }

    String text(Certificate certificate) {
        return "s" + certificate.sequenceNumber() + "=" + text(certificate.digest());
    }

    ReconfigurationState reconfiguration() {
        return reconfiguration;
    }

    /** A certificate such as {@code s4=x}. */
    Certificate certificate(String text) {
        return certificate(parse(text));
    }

    private CheckpointHeader parse(String text) {
        String[] sides = text.split("=", -1);
        if (sides.length != 2 || sides[0].charAt(0) != 's') {
            throw new ScriptException("not a checkpoint: \"" + text + "\"");
        }
        return header(Long.parseLong(sides[0].substring(1)), sides[1]);
    }

    private Certificate certificate(CheckpointHeader header) {
        return new Certificate(0, header.sequenceNumber(), header.digest(), signatures());
    }

    private List<VoteSignature> signatures() {
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer = 0; signer < quorumSize; signer++) {
            signatures.add(new VoteSignature(signer, new byte[] {(byte) signer}));
        }
        return signatures;
    }

    /** Proves that a decision was made at this place. */
    Certificate decision(long sequenceNumber) {
        return new Certificate(0, sequenceNumber, Batch.NOOP.digest(), signatures());
    }

    /** {@code nothing}, or {@code s4=x}, either with {@code decided 7}. */
    CheckpointOffer offer(Words words) {
        CheckpointHeader header = words.take("nothing") ? null : parse(words.next());
        Certificate decided = words.take("decided") ? decision(words.number()) : null;
        return new CheckpointOffer(header == null ? null : certificate(header), header, decided);
    }

    /** The whole manifest is here, and these parts are not. */
    static List<ProtocolEvent> manifest(long sequenceNumber, List<Integer> missing) {
        List<ProtocolEvent> events = new ArrayList<>();
        if (!missing.isEmpty()) {
            events.add(new ProtocolEvent.Transfer(new StateTransferEvent.PartsMissing(
                    sequenceNumber,
                    missing.stream().map(index -> new MissingPart(index, MIB)).toList())));
        }
        events.add(new ProtocolEvent.Transfer(
                new StateTransferEvent.ManifestComplete(sequenceNumber, (long) (PARTS - missing.size()) * MIB)));
        return events;
    }
}
