package io.atlassmr.runtime.replica.signing;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Signs this replica's messages and sends them to all others, in order, on a thread of its own. */
public final class MessageSigner {

    private static final int CAPACITY = 65_536;

    /** Where the signed message goes back to. */
    public interface Own {
        /** May wait for room. */
        void onOwnMessage(ProtocolEvent event) throws InterruptedException;
    }

    private record Task(ProtocolMessage message, Batch batch, long epoch) {}

    private final String clusterId;
    private final int self;
    private final Supplier<Roster> roster;
    private final ReplicaKeys keys;
    private final ReplicaNetworkNode network;
    private final Own own;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;

    /**
     * @param roster the members known by now, to whom messages go
     * @param keys signs each message with the key that is expected in its epoch
     * @param own is told of each message that was sent, on the signer's thread
     * @param fatal told what ended the thread, if it was not {@link #close}
     */
    public MessageSigner(
            String clusterId,
            int self,
            Supplier<Roster> roster,
            ReplicaKeys keys,
            ReplicaNetworkNode network,
            Own own,
            Consumer<Throwable> fatal) {
        this.clusterId = clusterId;
        this.roster = roster;
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

    /** Queues a message. The protocol's window bounds how many can wait; beyond that is a broken invariant. */
    public void submit(ProtocolMessage message, Batch batch, long epoch) {
        if (!queue.offer(new Task(message, batch, epoch))) {
            throw new IllegalStateException(CAPACITY + " messages wait for their signature");
        }
    }

    private void run() {
        try {
            while (true) {
                Task task = queue.take();
                byte[] statement = Statement.of(clusterId, task.epoch(), task.message());
                byte[] signature = keys.in(task.epoch(), self, roster.get()).sign(statement);
                Signed<ProtocolMessage> signed = new Signed<>(task.message(), self, task.epoch(), signature);
                byte[] frame = PeerFrames.message(signed, task.batch());
                for (int peer : roster.get().peersOf(self)) {
                    boolean _ = network.sendToReplica(peer, TrafficClass.PROTOCOL, frame);
                }
                own.onOwnMessage(new ProtocolEvent.MessageReceived(signed, task.batch()));
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
