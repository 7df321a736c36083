package io.atlassmr.simulation.liar;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.replica.Deceit;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.ReplicaProcess;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A replica that lies: the real one, whose words pass through its lies one after the other on their way out. */
public final class Liar implements Deceit {

    private static final long MEAN_ACT_MICROS = 25_000;

    private final World world;
    private final Machine machine;
    private final Conspiracy conspiracy;
    private final SplittableRandom random;
    private final List<Lie> lies = new ArrayList<>();
    private final Map<LieKind, Long> told = new EnumMap<>(LieKind.class);
    private ReplicaProcess process;

    /**
     * @param conspiracy what all liars of the run share
     */
    public Liar(World world, Machine machine, Conspiracy conspiracy) {
        this.world = world;
        this.machine = machine;
        this.conspiracy = conspiracy;
        this.random = Streams.of(world.scenario().seed(), "liar " + machine.id());
    }

    /** How it lies: each of its words passes through these, one after the other. */
    public void lie(List<Lie> ways) {
        lies.addAll(ways);
    }

    @Override
    public void attach(ReplicaProcess running) {
        process = running;
        act(running);
    }

    private void act(ReplicaProcess running) {
        running.later(1 + Streams.exponential(random, MEAN_ACT_MICROS), () -> {
            lies.forEach(Lie::act);
            act(running);
        });
    }

    @Override
    public void send(int to, TrafficClass trafficClass, byte[] frame) {
        Letter letter = Letter.read(to, trafficClass, frame);
        conspiracy.overhear(letter);
        tell(0, asTold(letter));
    }

    @Override
    public void sendToAll(TrafficClass trafficClass, byte[] frame) {
        for (int member : others()) {
            send(member, trafficClass, frame);
        }
    }

    /** Liars stand by each other: each member gets the votes that fit what it was told. */
    private Letter asTold(Letter letter) {
        if (!(letter.says() instanceof Vote vote) || letter.signed().signer() != machine.id()) {
            return letter;
        }
        Conspiracy.Split split = conspiracy.splitAt(vote.view(), vote.sequenceNumber());
        return split == null ? letter : letter(letter.to(), withDigest(vote, split.toldTo(letter.to())), null);
    }

    /** The same vote for another batch. */
    public static Vote withDigest(Vote vote, Digest digest) {
        return switch (vote) {
            case Prepare _ -> new Prepare(vote.view(), vote.sequenceNumber(), digest);
            case Commit _ -> new Commit(vote.view(), vote.sequenceNumber(), digest);
        };
    }

    private void tell(int lie, Letter letter) {
        if (lie == lies.size()) {
            post(letter);
        } else {
            lies.get(lie).tell(letter, next -> tell(lie + 1, next));
        }
    }

    @Override
    public void sendToClient(ClientId clientId, byte[] frame) {
        byte[] said = frame;
        for (Lie lie : lies) {
            said = lie.tellClient(clientId, said);
        }
        machine.outgoing().sendToClient(clientId, said);
    }

    @Override
    public void overhear(int from, byte[] frame) {
        Letter letter = Letter.read(machine.id(), TrafficClass.PROTOCOL, frame);
        conspiracy.overhear(letter);
        lies.forEach(lie -> lie.overhear(letter, from));
    }

    @Override
    public boolean ignores(ClientId clientId) {
        return lies.stream().anyMatch(lie -> lie.ignores(clientId));
    }

    /** Sends a letter past all lies. */
    public void post(Letter letter) {
        machine.outgoing().send(letter.to(), letter.trafficClass(), letter.frame());
    }

    /** Sends a frame past all lies. */
    public void post(int to, byte[] frame) {
        machine.outgoing().send(to, TrafficClass.PROTOCOL, frame);
    }

    /** Has its own replica hear something from itself. */
    public void hear(byte[] frame) {
        machine.hear(frame);
    }

    /** Proposes a batch to a member and votes for it at once. */
    public void insist(int member, long view, long sequenceNumber, Batch batch) {
        post(letter(member, new PrePrepare(view, sequenceNumber, batch.digest()), batch));
        post(letter(member, new Prepare(view, sequenceNumber, batch.digest()), null));
        post(letter(member, new Commit(view, sequenceNumber, batch.digest()), null));
    }

    /**
     * Has all members believe in another batch, at this many of a thousand places that it proposes at.
     *
     * @param other makes it of the real one
     */
    public void proposeInstead(
            LieKind kind, Letter letter, int permille, UnaryOperator<Batch> other, Consumer<Letter> next) {
        if (!(letter.says() instanceof PrePrepare proposal) || letter.signed().signer() != machine.id()) {
            next.accept(letter);
            return;
        }
        Conspiracy.Split split = conspiracy.splitAt(proposal.view(), proposal.sequenceNumber());
        if (split == null && sometimes(permille)) {
            Batch batch = other.apply(letter.batch());
            split = new Conspiracy.Split(proposal.digest(), batch.digest(), batch, new TreeSet<>(others()));
            conspiracy.split(proposal.view(), proposal.sequenceNumber(), split);
            lied(kind, "in proposal " + proposal.sequenceNumber());
        }
        if (split == null || !split.toldSecond().contains(letter.to())) {
            next.accept(letter);
        } else {
            PrePrepare second = new PrePrepare(proposal.view(), proposal.sequenceNumber(), split.second());
            next.accept(letter(letter.to(), second, split.secondBatch()));
        }
    }

    /** Sends a letter past all lies, later. */
    public void postLater(Letter letter, long delayMicros) {
        process.later(delayMicros, () -> post(letter));
    }

    /** Signs with the liar's own key. */
    public <M extends ProtocolMessage> Signed<M> sign(M message) {
        byte[] statement = Statement.of(world.membership().clusterId(), epoch(), message);
        return new Signed<>(
                message,
                machine.id(),
                epoch(),
                process == null
                        ? machine.identity().sign(statement)
                        : process.identity(epoch()).sign(statement));
    }

    /** The epochs that its replica knows to have begun, the first one first. */
    public List<Epoch> epochs() {
        return process == null ? List.of() : process.roster().provenEpochs().epochs();
    }

    /**
     * What a quorum of an earlier epoch says, signed with keys that count no longer, and perhaps the liar's own; empty if too few are to
     * be had.
     */
    public List<VoteSignature> signAsEarlier(Epoch earlier, ProtocolMessage message) {
        byte[] statement = Statement.of(world.membership().clusterId(), earlier.number(), message);
        List<VoteSignature> votes = earlier.membership().members().stream()
                .filter(member -> member.id() == machine.id() || !Conspiracy.counts(member, membership()))
                .limit(earlier.membership().quorum().size())
                .map(member -> new VoteSignature(
                        member.id(),
                        member.id() == machine.id()
                                ? process.identity(earlier.number()).sign(statement)
                                : conspiracy.signAs(member, statement, membership())))
                .toList();
        return votes.size() == earlier.membership().quorum().size() ? votes : List.of();
    }

    /** A letter with a message of the liar's own. */
    public Letter letter(int to, ProtocolMessage message, Batch batch) {
        return Letter.of(to, sign(message), batch);
    }

    /** Notes that it lied. */
    public void lied(LieKind kind, String how) {
        told.merge(kind, 1L, Long::sum);
        world.trace().record(machine.id(), TraceEvent.LIES, kind.name().hashCode(), 0, () -> kind + " " + how);
    }

    /** How often it lied, by kind. */
    public Map<LieKind, Long> told() {
        return told;
    }

    /** The epoch its replica is in. */
    public long epoch() {
        return process == null ? 1 : process.status().epoch();
    }

    /** The members of that epoch. */
    public Membership membership() {
        return process == null
                ? world.membership()
                : process.status().reconfiguration().current().membership();
    }

    /** The view its replica is in or asks for. */
    public long view() {
        return process == null ? 0 : process.status().view();
    }

    /** Where its replica stands; null before it first ran. */
    public ReplicaStatus status() {
        return process == null ? null : process.status();
    }

    /** Whether it leads the view its replica is in. */
    public boolean leads() {
        return membership().leaderOf(view()) == machine.id();
    }

    /** The other members. */
    public List<Integer> others() {
        return membership().members().stream()
                .map(Member::id)
                .filter(id -> id != machine.id())
                .toList();
    }

    /** One of the other members. */
    public int anyOther() {
        List<Integer> others = others();
        return others.get(random.nextInt(others.size()));
    }

    /** Whether something that is done this often out of a thousand is done. */
    public boolean sometimes(int permille) {
        return Streams.chance(random, permille);
    }

    public int id() {
        return machine.id();
    }

    public World world() {
        return world;
    }

    public Machine machine() {
        return machine;
    }

    public Conspiracy conspiracy() {
        return conspiracy;
    }

    public SplittableRandom random() {
        return random;
    }
}
