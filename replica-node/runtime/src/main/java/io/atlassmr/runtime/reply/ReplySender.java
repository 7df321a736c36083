package io.atlassmr.runtime.reply;

import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Signs and sends replies on a thread of its own. Replies of a decision wait here until the decision is durable. A reply that
 * finds no room is dropped and counted: the client asks again and is answered from its session.
 */
public final class ReplySender {

    private static final int CAPACITY = 16_384;

    private sealed interface Task {}

    /** The first of those that wait may go. */
    private record Due() implements Task {}

    private record Now(Supplier<List<ReplySigning.ClientFrame>> frames) implements Task {}

    private record Stop() implements Task {}

    private final ReplySigning signing;
    private final ReplicaNetworkNode network;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(CAPACITY);
    /** Executed, and not known to be durable when the thread looked last; as many as execution may lag behind at most. */
    private final Queue<ExecutedBatch> held = new ConcurrentLinkedQueue<>();

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

    /** The answers of an executed decision, to be sent once it is durable. Blocks while it is and the queue is full. */
    public void executed(ExecutedBatch batch) throws InterruptedException {
        held.add(batch);
        if (batch.sequenceNumber() <= released) {
            queue.put(new Due());
        }
    }

    /** Decisions up to here are durable. Called by one thread; never blocks. */
    public void release(long sequenceNumber) {
        // Whichever comes second, this or the execution, sees the other, and wakes the thread: it is woken once for a
        // decision.
        released = sequenceNumber;
        ExecutedBatch first = held.peek();
        if (first != null && first.sequenceNumber() <= sequenceNumber) {
            // In a full queue every task is followed by a look at what is released.
            boolean _ = queue.offer(new Due());
        }
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
                    case Due _ -> {}
                    case Now(Supplier<List<ReplySigning.ClientFrame>> frames) ->
                        frames.get().forEach(this::send);
                    case Stop _ -> {
                        return;
                    }
                }
                for (ExecutedBatch batch = pollReleased(); batch != null; batch = pollReleased()) {
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

    private ExecutedBatch pollReleased() {
        ExecutedBatch first = held.peek();
        return first != null && first.sequenceNumber() <= released ? held.poll() : null;
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
