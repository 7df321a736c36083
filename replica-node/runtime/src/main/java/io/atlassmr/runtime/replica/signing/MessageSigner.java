package io.atlassmr.runtime.replica.signing;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Signs this replica's messages and sends them to all others, in order, on a thread of its own. A vote that is foreseen, or being written
 * to the log, is signed ahead by the thread that checks what calls for it ({@link VotesAhead}), or that writes it: it then goes out as soon
 * as it may, without a detour.
 */
public final class MessageSigner {

    private static final int CAPACITY = 65_536;
    /** Votes signed ahead; more than are written at a time. What is overwritten is signed again. A power of two. */
    private static final int AHEAD = 1024;

    /** Where the signed message goes back to. */
    public interface Own {
        /** Waits while there is no room. On the signer's thread. */
        void onOwnMessage(ProtocolEvent event) throws InterruptedException;

        /** False if there is no room. On the thread that submits. */
        boolean offerOwnMessage(ProtocolEvent event);
    }

    private record Task(ProtocolMessage message, Batch batch, long epoch) {}

    private record Ready(Signed<ProtocolMessage> signed, byte[] frame) {

        boolean says(ProtocolMessage message, long epoch) {
            return signed.epoch() == epoch && signed.message().equals(message);
        }
    }

    private final String clusterId;
    private final int self;
    private final Supplier<Roster> roster;
    private final LongSupplier epochOfVotes;
    private final ReplicaKeys keys;
    private final ReplicaNetworkNode network;
    private final Own own;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(CAPACITY);
    /** Those that wait for the thread, and the one that it is at. */
    private final AtomicInteger underWay = new AtomicInteger();

    private final AtomicReferenceArray<Ready> ahead = new AtomicReferenceArray<>(AHEAD);
    private final Thread thread;

    /**
     * @param roster the members known by now, to whom messages go
     * @param epochOfVotes in which this replica votes at the moment
     * @param keys signs each message with the key that is expected in its epoch
     * @param own is told of each message that was sent
     * @param fatal told what ended the thread, if it was not {@link #close}
     */
    public MessageSigner(
            String clusterId,
            int self,
            Supplier<Roster> roster,
            LongSupplier epochOfVotes,
            ReplicaKeys keys,
            ReplicaNetworkNode network,
            Own own,
            Consumer<Throwable> fatal) {
        this.clusterId = clusterId;
        this.roster = roster;
        this.epochOfVotes = epochOfVotes;
        this.self = self;
        this.keys = keys;
        this.network = network;
        this.own = own;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("atlas-signer").unstarted(this::run);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Signs the votes that these records stand for. They leave when they are submitted, which is once the records are durable. */
    public void signAhead(List<LogRecord> records) {
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.PrepareRecord(long view, long place, Batch batch, var _) ->
                    signAhead(new Prepare(view, place, batch.digest()), epochOfVotes.getAsLong());
                case LogRecord.CommitRecord(var prepared, var _) ->
                    signAhead(
                            new Commit(prepared.view(), prepared.sequenceNumber(), prepared.digest()),
                            epochOfVotes.getAsLong());
                case LogRecord.DecisionRecord _,
                        LogRecord.ViewRecord _,
                        LogRecord.EpochRecord _,
                        LogRecord.CheckpointRecord _,
                        LogRecord.AbstentionRecord _,
                        LogRecord.EvidenceRecord _ -> {}
            }
        }
    }

    /** Signs a vote that may be submitted soon, unless it is signed already. On any thread. */
    void signAhead(Vote vote, long epoch) {
        Ready known = ahead.get(slot(vote));
        if (known == null || !known.says(vote, epoch)) {
            ahead.set(slot(vote), sign(vote, null, epoch));
        }
    }

    /**
     * Sends a message at once if it is signed already, else queues it. The protocol's window bounds how many can wait; beyond that is a
     * broken invariant. Called by one thread.
     */
    public void submit(ProtocolMessage message, Batch batch, long epoch) {
        if (underWay.get() == 0 && sendReady(message, epoch)) {
            return;
        }
        underWay.incrementAndGet();
        if (!queue.offer(new Task(message, batch, epoch))) {
            throw new IllegalStateException(CAPACITY + " messages wait for their signature");
        }
    }

    private boolean sendReady(ProtocolMessage message, long epoch) {
        Ready ready = message instanceof Vote vote ? ahead.get(slot(vote)) : null;
        if (ready == null
                || !ready.says(message, epoch)
                || !own.offerOwnMessage(new ProtocolEvent.MessageReceived(ready.signed(), null))) {
            return false;
        }
        send(ready);
        return true;
    }

    private static int slot(Vote vote) {
        long place = 2 * vote.sequenceNumber()
                + switch (vote) {
                    case Prepare _ -> 0;
                    case Commit _ -> 1;
                };
        return (int) (place & (AHEAD - 1));
    }

    private Ready sign(ProtocolMessage message, Batch batch, long epoch) {
        byte[] statement = Statement.of(clusterId, epoch, message);
        byte[] signature = keys.in(epoch, self, roster.get()).sign(statement);
        Signed<ProtocolMessage> signed = new Signed<>(message, self, epoch, signature);
        return new Ready(signed, PeerFrames.message(signed, batch));
    }

    private void send(Ready ready) {
        network.sendToReplicas(roster.get().peersOf(self), TrafficClass.PROTOCOL, ready.frame());
    }

    private void run() {
        try {
            while (true) {
                Task task = queue.take();
                Ready ready = sign(task.message(), task.batch(), task.epoch());
                send(ready);
                own.onOwnMessage(new ProtocolEvent.MessageReceived(ready.signed(), task.batch()));
                underWay.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fatal.accept(e);
        }
    }

    /** Ends the thread; what waits is not sent. */
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }
}
