package io.atlassmr.protocol.reconfiguration.state;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the members agree on about themselves after a decision. It follows from the decisions alone, so that it is the same at every
 * replica, and is part of every checkpoint. Immutable.
 *
 * <p>A change that is decided at {@code s} ends the epoch at {@code s + window}. A replica votes at most a window above what it has
 * delivered, so whoever votes above the end of an epoch knows that it ended ("Reconfiguring a state machine", Lamport, Malkhi and
 * Zhou, 2010, calls the distance alpha): every sequence number belongs to one membership.
 *
 * @param window how many decisions after a change its epoch ends; how far above its last delivery a replica votes
 * @param current the epoch that the next decision belongs to
 * @param next the epoch that follows; null if no change is in flight
 * @param administrators by key
 * @param admissions by id of the newcomer
 * @param lastNumbers the highest number that each signer used in this epoch
 * @param outcomes of the last commands, oldest first
 * @param highestId of any member there ever was
 * @param agreedTimeMillis the highest agreed time that commands or admissions were judged at
 * @param barred members that are proven to have lied in the current epoch, and lead no more in it; at most f
 * @param checkpointPolicy when checkpoints are taken, after the decision that led here already
 */
public record ReconfigurationState(
        int window,
        Epoch current,
        Epoch next,
        SortedMap<PublicKey, Role> administrators,
        SortedMap<Integer, Admission> admissions,
        SortedMap<PublicKey, Long> lastNumbers,
        List<Outcome> outcomes,
        int highestId,
        long agreedTimeMillis,
        CheckpointPolicy checkpointPolicy,
        SortedSet<Integer> barred) {

    /** Most administrators. */
    public static final int MAX_ADMINISTRATORS = 64;

    /** Most admissions at once. */
    public static final int MAX_ADMISSIONS = 16;

    /** Most signers whose numbers are remembered in an epoch. */
    public static final int MAX_SIGNERS = 512;

    /** Most outcomes that are remembered. */
    public static final int MAX_OUTCOMES = 64;

    public ReconfigurationState {
        administrators = Collections.unmodifiableSortedMap(new TreeMap<>(administrators));
        admissions = Collections.unmodifiableSortedMap(new TreeMap<>(admissions));
        lastNumbers = Collections.unmodifiableSortedMap(new TreeMap<>(lastNumbers));
        outcomes = List.copyOf(outcomes);
        barred = Collections.unmodifiableSortedSet(new TreeSet<>(barred));
    }

    /** The state of a cluster that has decided nothing yet. */
    public static ReconfigurationState initial(
            Membership genesis,
            SortedMap<PublicKey, Role> administrators,
            int window,
            CheckpointPolicy checkpointPolicy) {
        return new ReconfigurationState(
                window,
                Epoch.first(genesis),
                null,
                administrators,
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                genesis.members().getLast().id(),
                0,
                checkpointPolicy,
                new TreeSet<>());
    }

    /** The last sequence number of the current epoch; {@link Long#MAX_VALUE} while no change is in flight. */
    public long lastSequenceNumber() {
        return next == null ? Long.MAX_VALUE : next.base();
    }

    /**
     * Whether a batch is one that may stand at this place of the current epoch: the last says who comes then and nothing else, and
     * no other says so.
     */
    public boolean allows(long sequenceNumber, Batch batch) {
        if (sequenceNumber < lastSequenceNumber()) {
            return batch.epoch() == null;
        }
        return sequenceNumber == lastSequenceNumber()
                && next.equals(batch.epoch())
                && batch.bundles().isEmpty()
                && batch.commands().isEmpty();
    }

    /** The state after the next decision. */
    public ReconfigurationState after(Decision decision) {
        Batch batch = decision.batch();
        boolean changesNothing =
                batch.commands().isEmpty() && admissions.isEmpty() && decision.sequenceNumber() != lastSequenceNumber();
        return changesNothing ? this : Transition.of(this, decision);
    }

    /** Who the replica with this id is: as a member of the current epoch or the next, or admitted. */
    public Optional<Member> known(int id) {
        Optional<Member> member = current.membership().member(id);
        if (member.isEmpty() && next != null) {
            member = next.membership().member(id);
        }
        return member.or(() -> Optional.ofNullable(admissions.get(id)).map(Admission::newcomer));
    }

    /** Whether an accusation of this member would bar it: it is not yet, and somebody is left to lead. */
    public boolean mayBar(int member) {
        return current.membership().contains(member)
                && !barred.contains(member)
                && barred.size() < current.membership().quorum().f();
    }

    /**
     * Whether the command is by somebody whose commands are judged at all. A join is by those who are admitted; an accusation is judged
     * if it changes anything, once for each accused.
     */
    public boolean knowsSigner(SignedCommand signed) {
        if (signed.command() instanceof Command.Join(int id, var admission, var _)) {
            Admission known = admissions.get(id);
            return known != null && known.command().equals(admission);
        }
        if (signed.command() instanceof Command.Accuse(int accused, byte[] _)) {
            return signed.expectedEpoch() == current.number() && mayBar(accused);
        }
        return administrators.containsKey(signed.signer())
                || current.membership().members().stream().anyMatch(member -> isKeyOf(signed.signer(), member))
                || admissions.values().stream().anyMatch(admission -> isKeyOf(signed.signer(), admission.newcomer()));
    }

    static boolean isKeyOf(PublicKey key, Member member) {
        return Arrays.equals(key.toByteArray(), member.publicKey());
    }

    /** What became of a command, empty if that is forgotten or it was not decided. */
    public Optional<Outcome> outcome(Digest command) {
        return outcomes.stream()
                .filter(outcome -> outcome.command().equals(command))
                .findFirst();
    }

    /** Who should lead from now on, if the decision that led to this state has a command that says so and was not refused. */
    public OptionalInt leaderAskedFor(Decision decision) {
        OptionalInt asked = OptionalInt.empty();
        for (SignedCommand signed : decision.batch().commands()) {
            if (signed.command() instanceof Command.Lead(int id) && isDoneAt(signed, decision.sequenceNumber())) {
                asked = OptionalInt.of(id);
            }
        }
        return asked;
    }

    private boolean isDoneAt(SignedCommand signed, long sequenceNumber) {
        return outcome(signed.digest())
                .filter(outcome -> outcome.refusal() == null && outcome.sequenceNumber() == sequenceNumber)
                .isPresent();
    }

    /** SHA-256 of its canonical form. */
    public Digest digest() {
        return Sha256.of(ReconfigurationStateCodec.encode(this).toByteArray());
    }
}
