package io.atlassmr.runtime.execution.speculation;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Requests of a batch on several threads: helpers execute ahead of the execution thread, which settles in order and executes
 * ahead itself while it would have to wait ({@link Speculation}).
 */
public final class SpeculativeRunner implements BatchRunner {

    /** How far ahead of what is settled operations are executed, for each thread: further ahead means more conflicts. */
    private static final int AHEAD_PER_THREAD = 8;

    /** Some microseconds: less than it takes to fall asleep and wake up. */
    private static final int SPINS = 500;

    private static final long FINISH_POLL_NANOS = 20_000;

    private final ScalableApplication application;
    private final OperationWatch watch;
    private final SpeculationPolicy policy;
    private final BatchRunner sequential;
    private final int helpers;
    private final ExecutorService pool;
    private final AtomicLong kept = new AtomicLong();
    private final AtomicLong again = new AtomicLong();

    /** @param threads that execute, the execution thread among them; at least 1 */
    public SpeculativeRunner(ScalableApplication application, OperationWatch watch, int threads) {
        this(application, watch, threads, new SpeculationGauge());
    }

    /** One that executes ahead whether that pays or not: for tests. */
    public static SpeculativeRunner always(ScalableApplication application, OperationWatch watch, int threads) {
        return new SpeculativeRunner(application, watch, threads, SpeculationPolicy.ALWAYS);
    }

    SpeculativeRunner(ScalableApplication application, OperationWatch watch, int threads, SpeculationPolicy policy) {
        this.application = application;
        this.watch = watch;
        this.policy = policy;
        this.sequential = new SequentialRunner(application, watch, policy::took);
        this.helpers = threads - 1;
        this.pool = Executors.newFixedThreadPool(
                Math.max(1, helpers),
                Thread.ofPlatform().daemon().name("atlas-execution-", 1).factory());
    }

    /** Operations executed ahead that counted, so far. Any thread. */
    public long kept() {
        return kept.get();
    }

    /** Operations executed ahead that were executed again, so far. Any thread. */
    public long again() {
        return again.get();
    }

    @Override
    public BatchRun begin(Supplier<List<PlannedRequest>> plan) {
        if (helpers == 0 || !policy.isWorthwhile()) {
            return sequential.begin(plan);
        }
        List<PlannedRequest> planned = plan.get();
        if (planned.size() < 2) {
            return sequential.begin(plan);
        }
        Run run = new Run(planned);
        for (int i = 0; i < Math.min(helpers, planned.size() - 1); i++) {
            pool.execute(run::help);
        }
        return run;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    /**
     * One batch. Requests are claimed by compare-and-set, and nobody takes a lock but to sleep: threads that finish at about the same
     * time are the rule, and putting one of them to sleep costs as much as a short operation.
     */
    private final class Run implements BatchRun {

        private static final int NONE = -1;

        // What has become of a request: it may be executed ahead, that goes on, it was, or it is the execution
        // thread's.
        private static final int WAITS = 0;
        private static final int RUNS = 1;
        private static final int RAN = 2;
        private static final int TAKEN = 3;

        private final Speculation speculation = new Speculation(application);
        private final List<PlannedRequest> plan;
        private final int size;
        private final int mostAhead = AHEAD_PER_THREAD * (helpers + 1);
        private final AtomicIntegerArray phases;
        private final Speculation.Ahead[] aheads;
        private final long[] nanos;
        /** No request below it waits. */
        private final AtomicInteger next = new AtomicInteger();

        private final AtomicInteger running = new AtomicInteger();
        private final ReentrantLock sleep = new ReentrantLock();
        private final Condition roomAhead = sleep.newCondition();
        private final AtomicInteger sleepers = new AtomicInteger();
        private volatile int settled;
        private volatile boolean stopsAhead;
        /** The execution thread while it sleeps until a request was executed ahead. */
        private volatile Thread waiter;

        Run(List<PlannedRequest> plan) {
            this.plan = plan;
            this.size = plan.size();
            this.phases = new AtomicIntegerArray(size);
            this.aheads = new Speculation.Ahead[size];
            this.nanos = new long[size];
        }

        /** On a helper's thread. */
        private void help() {
            while (true) {
                int position = claim();
                if (position != NONE) {
                    executeAhead(position);
                } else if (isExhausted()) {
                    return;
                } else {
                    sleepUntilRoomAhead();
                }
            }
        }

        private boolean isExhausted() {
            return stopsAhead || next.get() >= size;
        }

        private boolean hasRoomAhead() {
            return next.get() < settled + mostAhead;
        }

        private void sleepUntilRoomAhead() {
            sleep.lock();
            try {
                sleepers.incrementAndGet();
                while (!isExhausted() && !hasRoomAhead()) {
                    roomAhead.awaitUninterruptibly();
                }
                sleepers.decrementAndGet();
            } finally {
                sleep.unlock();
            }
        }

        /** After what the sleepers look at was written. */
        private void wakeSleepers() {
            if (sleepers.get() > 0) {
                sleep.lock();
                try {
                    roomAhead.signalAll();
                } finally {
                    sleep.unlock();
                }
            }
        }

        /** Takes the next request that may be executed ahead, if one may now. */
        private int claim() {
            while (!isExhausted() && hasRoomAhead()) {
                int position = next.get();
                if (position >= size) {
                    return NONE;
                }
                // Whoever stops and then sees nobody run may rely on it.
                running.incrementAndGet();
                boolean isClaimed = !stopsAhead
                        && position >= settled
                        && plan.get(position) != null
                        && phases.compareAndSet(position, WAITS, RUNS);
                next.compareAndSet(position, position + 1);
                if (isClaimed) {
                    return position;
                }
                running.decrementAndGet();
            }
            return NONE;
        }

        private void executeAhead(int position) {
            PlannedRequest request = plan.get(position);
            watch.begin(request.context());
            aheads[position] = speculation.attempt(request.request(), request.context());
            nanos[position] = watch.end();
            phases.set(position, RAN);
            running.decrementAndGet();
            Thread waiting = waiter;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        @Override
        public Reply execute(int position, ClientRequest request, OrderedContext context) {
            Speculation.Ahead ahead = awaitAhead(position);
            Reply reply;
            watch.begin(context);
            try {
                if (ahead == null) {
                    reply = speculation.execute(request, context);
                } else {
                    Speculation.Settled outcome = speculation.settle(ahead, request, context);
                    policy.settled(outcome.settlement());
                    (outcome.settlement() == Speculation.Settlement.KEPT ? kept : again).incrementAndGet();
                    reply = outcome.reply();
                }
            } finally {
                long direct = watch.end();
                policy.took(ahead == null ? direct : nanos[position]);
            }
            settledUpTo(position);
            return reply;
        }

        /** What executing ahead gave; null if it has not begun, and now never will. Executes others meanwhile. */
        private Speculation.Ahead awaitAhead(int position) {
            while (true) {
                if (phases.compareAndSet(position, WAITS, TAKEN)) {
                    return null;
                }
                if (phases.get(position) == RAN) {
                    return aheads[position];
                }
                int other = claim();
                if (other == NONE) {
                    awaitRan(position);
                } else {
                    executeAhead(other);
                }
            }
        }

        private void awaitRan(int position) {
            for (int i = 0; i < SPINS; i++) {
                if (phases.get(position) == RAN) {
                    return;
                }
                Thread.onSpinWait();
            }
            waiter = Thread.currentThread();
            while (phases.get(position) != RAN) {
                LockSupport.park(this);
            }
            waiter = null;
        }

        private void settledUpTo(int position) {
            aheads[position] = null;
            settled = position + 1;
            if (!policy.isWorthwhile()) {
                stopsAhead = true;
            }
            wakeSleepers();
        }

        @Override
        public void finish() {
            close();
            // Rare, and short: all that counts is settled, so what still runs was planned and then not executed.
            while (running.get() > 0) {
                LockSupport.parkNanos(this, FINISH_POLL_NANOS);
            }
            speculation.apply();
        }

        @Override
        public void close() {
            stopsAhead = true;
            wakeSleepers();
        }
    }
}
