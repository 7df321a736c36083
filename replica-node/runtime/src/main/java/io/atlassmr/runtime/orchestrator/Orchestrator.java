package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The event loop that owns all protocol state. Everything else talks to it through its channels, and it talks to everything
 * else through effects. Agreement comes before requests, so that load cannot starve it.
 *
 * <p>{@link #start} and {@link #iterate} belong to one thread; the other methods to any.
 */
public final class Orchestrator {

    private static final int PROTOCOL_EVENTS_PER_ROUND = 64;
    private static final int REQUESTS_PER_ROUND = 16;
    private static final int NETWORK_UPDATES_PER_ROUND = 16;
    /** While no more decisions than this are being executed, nothing waits for that. */
    private static final int EXECUTING = 1;

    private final WakeUp wakeUp = new WakeUp();
    private final QuietEvents quiet = new QuietEvents();
    /** Messages of this replica itself, signed. A full one blocks the signer, which nobody here waits for. */
    private final Channel<ProtocolEvent> own = new Channel<>(16_384, wakeUp);
    /** Network, agreement. A full one blocks pre-processing, and so in the end the peers. */
    private final Channel<ProtocolEvent> protocol = new Channel<>(8192, wakeUp);
    /** Network, requests. A full one sheds: the client is told that the replica is overloaded. */
    private final Channel<ProtocolEvent> requests = new Channel<>(8192, wakeUp);
    /** Decisions fetched from peers. A full one sheds: they are asked for again. */
    private final Channel<ProtocolEvent> logTransfer = new Channel<>(16, wakeUp);
    /**
     * What peers offer, and what became of a state transfer and of checkpoints. A full one blocks the threads that gather state and
     * that check what peers give.
     */
    private final Channel<ProtocolEvent> stateTransfer = new Channel<>(1024, wakeUp);
    /** Commands about this replica's part in the membership. A full one sheds: the caller is told. */
    private final Channel<ProtocolEvent> reconfiguration = new Channel<>(16, wakeUp);
    /** Peers up and down. A full one sheds: it only makes help come sooner. */
    private final Channel<ProtocolEvent> networkUpdate = new Channel<>(256, wakeUp);
    /** Decision-log status, coalesced: the highest durable ticket. */
    private final AtomicLong durableTicket = new AtomicLong();
    /** Execution status, coalesced: the highest executed decision. */
    private final AtomicLong executed = new AtomicLong();

    private final ReplicaProtocol replica;
    private final ReplicaMetrics metrics;
    private final Consumer<List<ProtocolEffect>> effects;
    private final Supplier<Time> clock;
    private long seenTicket;
    private long seenExecuted;
    private volatile ReplicaStatus status;

    /**
     * @param effects does what a step asks for, in order
     * @param clock what time it is
     */
    public Orchestrator(
            ReplicaProtocol replica,
            Consumer<List<ProtocolEffect>> effects,
            Supplier<Time> clock,
            ReplicaMetrics metrics) {
        this.replica = replica;
        this.metrics = metrics;
        this.effects = effects;
        this.clock = clock;
        this.status = replica.status();
        this.seenExecuted = status.lastExecuted();
        this.executed.set(seenExecuted);
    }

    /** The first step. */
    public void start() {
        effects.accept(replica.start());
        status = replica.status();
    }

    /** Does what there is to do, at most a bounded number of events; false if there was nothing. */
    public boolean iterate() {
        long startNanos = System.nanoTime();
        boolean worked = pollDecisionLog();
        worked |= pollExecution();
        worked |= poll(own, PROTOCOL_EVENTS_PER_ROUND);
        worked |= poll(stateTransfer, PROTOCOL_EVENTS_PER_ROUND);
        worked |= poll(logTransfer, 1);
        worked |= poll(reconfiguration, 1);
        worked |= poll(networkUpdate, NETWORK_UPDATES_PER_ROUND);
        worked |= poll(protocol, PROTOCOL_EVENTS_PER_ROUND);
        if (protocol.isEmpty()) {
            worked |= poll(requests, REQUESTS_PER_ROUND);
        }
        worked |= pollTimeouts();
        if (worked) {
            metrics.iterated(System.nanoTime() - startNanos);
        }
        return worked;
    }

    /** Sleeps until a channel has something that is worth waking up for, or a timer is due. */
    public void awaitWork() {
        quiet.sleep(replica.awaitedVotes(), status.lastDecided() <= seenExecuted + EXECUTING);
        long millis = replica.nextDeadlineMillis() - clock.get().monotonicMillis();
        wakeUp.await(TimeUnit.MILLISECONDS.toNanos(millis), this::nothingToDo);
        quiet.awake();
    }

    private boolean nothingToDo() {
        return own.isEmpty()
                && protocol.isEmpty()
                && requests.isEmpty()
                && stateTransfer.isEmpty()
                && logTransfer.isEmpty()
                && reconfiguration.isEmpty()
                && networkUpdate.isEmpty()
                && durableTicket.get() == seenTicket
                && executed.get() == seenExecuted;
    }

    /** Timeouts, coalesced by nature: the protocols name the next moment, and one event lets all timers that are due fire. */
    private boolean pollTimeouts() {
        if (clock.get().monotonicMillis() < replica.nextDeadlineMillis()) {
            return false;
        }
        step(new ProtocolEvent.Tick());
        return true;
    }

    private boolean pollDecisionLog() {
        long ticket = durableTicket.get();
        if (ticket == seenTicket) {
            return false;
        }
        seenTicket = ticket;
        step(new ProtocolEvent.Durable(ticket));
        return true;
    }

    private boolean pollExecution() {
        long sequenceNumber = executed.get();
        if (sequenceNumber == seenExecuted) {
            return false;
        }
        seenExecuted = sequenceNumber;
        step(new ProtocolEvent.ExecutionAdvanced(sequenceNumber));
        return true;
    }

    private boolean poll(Channel<ProtocolEvent> channel, int limit) {
        for (int i = 0; i < limit; i++) {
            ProtocolEvent event = channel.poll();
            if (event == null) {
                return i > 0;
            }
            step(event);
        }
        return true;
    }

    private void step(ProtocolEvent event) {
        long startNanos = System.nanoTime();
        List<ProtocolEffect> asked = replica.step(event, clock.get());
        long steppedNanos = System.nanoTime();
        // Published before a commit can leave: a read that arrives after it must wait for what it commits.
        status = replica.status();
        effects.accept(asked);
        metrics.stepped(
                event instanceof ProtocolEvent.Tick, steppedNanos - startNanos, System.nanoTime() - steppedNanos);
    }

    /** Whether this replica commits as soon as it takes this prepare, as far as is known without asking the protocols. */
    public boolean completesPrepares(Signed<? extends ProtocolMessage> prepare) {
        return quiet.completesPrepares(prepare);
    }

    /** A message of this replica, signed. Blocks while the channel is full. */
    public void onOwnMessage(ProtocolEvent event) throws InterruptedException {
        give(own, event);
    }

    private void give(Channel<ProtocolEvent> channel, ProtocolEvent event) throws InterruptedException {
        channel.putQuietly(event);
        if (!quiet.isQuiet(event)) {
            wakeUp.signal();
        }
    }

    /** A message of this replica, signed already, from the event loop itself; false if there is no room for it. */
    public boolean offerOwnMessage(ProtocolEvent event) {
        return own.offer(event);
    }

    /** A verified event of a peer about agreement. Blocks while the channel is full. */
    public void onPeerEvent(ProtocolEvent event) throws InterruptedException {
        switch (event) {
            case ProtocolEvent.DecisionsReceived _ -> {
                boolean _ = logTransfer.offer(event);
            }
            case ProtocolEvent.BundleReceived _ -> {
                boolean _ = requests.offer(event);
            }
            case ProtocolEvent.Transfer _ -> stateTransfer.put(event);
            default -> give(protocol, event);
        }
    }

    /** A verified bundle of a client; false if there is no room for it. */
    public boolean onBundle(ProtocolEvent.BundleReceived bundle) {
        return requests.offer(bundle);
    }

    /** What became of a state transfer or a checkpoint here. Blocks while the channel is full. */
    public void onStateEvent(ProtocolEvent event) throws InterruptedException {
        stateTransfer.put(event);
    }

    /** A checkpoint is wanted soon; false if the channel is full. */
    public boolean wantCheckpoint() {
        return reconfiguration.offer(new ProtocolEvent.CheckpointWanted());
    }

    /** Has a command decided whose signatures are good; false if the channel is full. */
    public boolean submit(SignedCommand command) {
        return reconfiguration.offer(new ProtocolEvent.CommandReceived(command, false));
    }

    /** A connection to a peer stands, or none does any more. */
    public void onPeerConnected(int peer, boolean connected) {
        boolean _ = networkUpdate.offer(connected ? new ProtocolEvent.PeerUp(peer) : new ProtocolEvent.PeerDown(peer));
    }

    /** Records up to this ticket are durable; a lower ticket than before changes nothing. */
    public void onDurable(long ticket) {
        durableTicket.accumulateAndGet(ticket, Math::max);
        wakeUp.signal();
    }

    /** The application has executed up to here. */
    public void onExecuted(long sequenceNumber) {
        executed.set(sequenceNumber);
        if (!quiet.isExecutionQuiet()) {
            wakeUp.signal();
        }
    }

    /** Asks for the leadership to be handed over, if it is here; false if the channel is full. */
    public boolean handOver() {
        return reconfiguration.offer(new ProtocolEvent.HandOver());
    }

    /** Has this replica leave leading to others from now on, or no longer; false if the channel is full. */
    public boolean drain(boolean drains) {
        return reconfiguration.offer(new ProtocolEvent.Drain(drains));
    }

    /** No more iterations follow: nobody waits for them any longer. */
    public void close() {
        own.close();
        protocol.close();
        stateTransfer.close();
    }

    /** Wakes the thread that sleeps in {@link #awaitWork}. */
    public void wake() {
        wakeUp.signal();
    }

    /** Where the protocols stood after the last step. */
    public ReplicaStatus status() {
        return status;
    }

    /** What agreement is doing. */
    public ExecutionPhase executionPhase() {
        ReplicaStatus now = status;
        return now.inViewTransfer()
                ? new ExecutionPhase.ViewTransfer(now.view())
                : new ExecutionPhase.Ordering(now.view());
    }

    /** Whether state or decisions are being fetched. */
    public TransferPhase transferPhase() {
        ReplicaStatus now = status;
        RecoveryStatus recovery = now.recovery();
        boolean runs = recovery.behind() || !(recovery.stateTransfer() instanceof StateTransferState.NotRunning);
        return runs
                ? new TransferPhase.Running(
                        recovery.stateTransfer(),
                        new TransferPhase.LogTransferState(now.lastDecided(), recovery.logTarget()))
                : new TransferPhase.NotRunning();
    }

    /** Requests shed because the orchestrator did not keep up. */
    public long shedRequests() {
        return requests.shedCount();
    }

    /** Events that wait. */
    public int depth() {
        return own.depth() + protocol.depth() + requests.depth();
    }
}
