package io.atlassmr.runtime.reply;

import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Signs and sends replies on a thread of its own. Replies of a decision wait here until the decision is durable. A reply that
 * finds no room is dropped and counted: the client asks again and is answered from its session.
 */
public final class ReplySender {

    private static final int CAPACITY = 16_384;

    private sealed interface Task {}

    private record Executed(ExecutedBatch batch) implements Task {}

    /** More decisions are durable. */
    private record Released() implements Task {}

    private record Now(Supplier<List<ReplySigning.ClientFrame>> frames) implements Task {}

    private record Stop() implements Task {}

    private final ReplySigning signing;
    private final ReplicaNetworkNode network;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final ArrayDeque<ExecutedBatch> held = new ArrayDeque<>();
    private final Thread thread;
    private volatile long released;

    public ReplySender(ReplySigning signing, ReplicaNetworkNode network, Consumer<Throwable> fatal) {
        this.signing = signing;
        this.network = network;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("atlas-replies").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The answers of an executed decision, to be sent once it is durable. Blocks while the queue is full. */
    public void executed(ExecutedBatch batch) throws InterruptedException {
        queue.put(new Executed(batch));
    }

    /** Decisions up to here are durable. Called by one thread; never blocks. */
    public void release(long sequenceNumber) {
        released = sequenceNumber;
        // In a full queue every task is followed by a look at what is released.
        boolean _ = queue.offer(new Released());
    }

    /**
     * Sends frames that need no agreement.
     *
     * @return false if there is no room for them
     */
    public boolean send(Supplier<List<ReplySigning.ClientFrame>> frames) {
        return queue.offer(new Now(frames));
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Executed(ExecutedBatch batch) -> held.add(batch);
                    case Released _ -> {}
                    case Now(Supplier<List<ReplySigning.ClientFrame>> frames) ->
                        frames.get().forEach(this::send);
                    case Stop _ -> {
                        return;
                    }
                }
                while (!held.isEmpty() && held.peek().sequenceNumber() <= released) {
                    ExecutedBatch batch = held.poll();
                    if (!batch.replies().isEmpty()) {
                        signing.sign(batch.view(), batch.replies()).forEach(this::send);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            fatal.accept(e);
            dropUntilStopped();
        }
    }

    /** Lets nobody block on a queue that is not served any more. */
    private void dropUntilStopped() {
        try {
            while (!(queue.take() instanceof Stop)) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(ReplySigning.ClientFrame frame) {
        boolean _ = network.sendToClient(frame.clientId(), frame.frame());
    }

    /** Sends what waits before, and ends the thread. */
    public void close() throws InterruptedException {
        queue.put(new Stop());
        thread.join();
    }
}
