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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Requests of a batch on several threads: helpers execute ahead of the execution thread, which settles in order and executes
 * ahead itself while it would have to wait ({@link Speculation}).
 */
public final class SpeculativeRunner implements BatchRunner {

    /** How far ahead of what is settled operations are executed, for each thread: further ahead means more conflicts. */
    private static final int AHEAD_PER_THREAD = 8;

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

    /** What has become of a request that may be executed ahead. */
    private enum Phase {
        WAITS,
        RUNS,
        RAN
    }

    private static final class Slot {
        Phase phase = Phase.WAITS;
        Speculation.Ahead ahead;
        long nanos;
    }

    private final class Run implements BatchRun {

        private static final int NONE = -1;

        private final Speculation speculation = new Speculation(application);
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final List<PlannedRequest> plan;
        private final Slot[] slots;
        private final int mostAhead = AHEAD_PER_THREAD * (helpers + 1);
        private int next;
        private int settled;
        private int running;
        private boolean stopsAhead;

        Run(List<PlannedRequest> plan) {
            this.plan = plan;
            this.slots = new Slot[plan.size()];
            for (int i = 0; i < slots.length; i++) {
                slots[i] = new Slot();
            }
        }

        /** On a helper's thread. */
        private void help() {
            for (int position = awaitClaim(); position != NONE; position = awaitClaim()) {
                executeAhead(position);
            }
        }

        private int awaitClaim() {
            lock.lock();
            try {
                while (true) {
                    int position = claim();
                    if (position != NONE || stopsAhead || next == slots.length) {
                        return position;
                    }
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        /** With the lock: takes the next request that may be executed ahead, if one may now. */
        private int claim() {
            while (next < slots.length && (plan.get(next) == null || next < settled)) {
                next++;
            }
            if (stopsAhead || next == slots.length || next >= settled + mostAhead) {
                return NONE;
            }
            slots[next].phase = Phase.RUNS;
            running++;
            return next++;
        }

        private void executeAhead(int position) {
            PlannedRequest request = plan.get(position);
            watch.begin(request.context());
            Speculation.Ahead ahead = speculation.attempt(request.request(), request.context());
            long nanos = watch.end();
            lock.lock();
            try {
                slots[position].ahead = ahead;
                slots[position].nanos = nanos;
                slots[position].phase = Phase.RAN;
                running--;
                changed.signalAll();
            } finally {
                lock.unlock();
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
                long nanos = watch.end();
                policy.took(ahead == null ? nanos : slots[position].nanos);
            }
            settledUpTo(position);
            return reply;
        }

        /** What executing ahead gave; null if it has not begun, and now never will. Executes others meanwhile. */
        private Speculation.Ahead awaitAhead(int position) {
            while (true) {
                int other = NONE;
                lock.lock();
                try {
                    switch (slots[position].phase) {
                        case WAITS -> {
                            next = Math.max(next, position + 1);
                            return null;
                        }
                        case RAN -> {
                            return slots[position].ahead;
                        }
                        case RUNS -> {
                            other = claim();
                            if (other == NONE) {
                                changed.awaitUninterruptibly();
                            }
                        }
                    }
                } finally {
                    lock.unlock();
                }
                if (other != NONE) {
                    executeAhead(other);
                }
            }
        }

        private void settledUpTo(int position) {
            lock.lock();
            try {
                settled = position + 1;
                slots[position].ahead = null;
                stopsAhead |= !policy.isWorthwhile();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void finish() {
            lock.lock();
            try {
                stopsAhead = true;
                changed.signalAll();
                while (running > 0) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
            speculation.apply();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                stopsAhead = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
