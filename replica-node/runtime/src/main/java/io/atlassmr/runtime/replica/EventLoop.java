package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * The thread that lets a replica's protocols step, and what the process is doing with the replica. The loop ends when it is stopped, or
 * with the first failure of any part. Thread-safe.
 */
final class EventLoop {

    private static final Logger LOG = Logger.getLogger(EventLoop.class);

    private final ReplicaEvents events;
    private final AtomicReference<Lifecycle> lifecycle = new AtomicReference<>(Lifecycle.RUNNING);
    private volatile Orchestrator orchestrator;
    private volatile Thread thread;

    EventLoop(ReplicaEvents events) {
        this.events = events;
    }

    /** Says what is stepped, before anything is told to it. */
    void steps(Orchestrator stepped) {
        orchestrator = stepped;
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }

    void start() {
        thread = Thread.ofPlatform().name("atlas-orchestrator").start(this::run);
    }

    private void run() {
        try {
            orchestrator.start();
            while (!Thread.currentThread().isInterrupted()) {
                if (!orchestrator.iterate()) {
                    orchestrator.awaitWork();
                }
            }
        } catch (RuntimeException | Error e) {
            fail("the event loop failed", e);
        }
    }

    /** Tells the protocols what became of the replica's own work; waits while the loop is behind. */
    void tell(ProtocolEvent event) {
        try {
            orchestrator.onStateEvent(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A part cannot go on, so that the replica must not: the first failure is reported. */
    void fail(String what, Throwable reason) {
        if (lifecycle.getAndSet(Lifecycle.FAILED) != Lifecycle.FAILED) {
            LOG.errorf(reason, "%s; the replica stops voting", what);
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
            events.onFatal(what, reason);
        }
    }

    /** What the process is doing with the replica. */
    Lifecycle lifecycle() {
        return lifecycle.get();
    }

    /** Changes what the process is doing with the replica; false if it is doing something else than {@code from}. */
    boolean change(Lifecycle from, Lifecycle to) {
        return lifecycle.compareAndSet(from, to);
    }

    /** Ends the loop and waits for it, unless it is the loop that calls. */
    void stop() throws InterruptedException {
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            thread.join();
        }
        orchestrator.close();
    }
}
