package io.atlassmr.server.admin.recovery;

import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.recovery.RecoveryProgress.Step;
import io.atlassmr.server.replica.ReplicaProcess;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Follows a replica on its way back: logs each step and how far it is, and guesses how long it still takes. */
@Singleton
public final class RecoveryMonitor {

    private static final Logger LOG = Logger.getLogger(RecoveryMonitor.class);
    private static final long SAMPLE_MILLIS = 100;
    private static final long LASTING_MILLIS = 500;
    private static final long LOG_MILLIS = 5000;

    private final ReplicaProcess process;
    private final RecoveryTimes times;
    private final RecoveryRate rate = new RecoveryRate();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Step seen = Step.NONE;
    private Step logged = Step.NONE;
    private long loggedMillis;
    private long seenMillis;

    @Inject
    RecoveryMonitor(ReplicaProcess process, RecoveryTimes times) {
        this.process = process;
        this.times = times;
    }

    void onStart(@Observes StartupEvent event) {
        boolean _ = Thread.ofPlatform()
                .name("atlas-recovery-monitor")
                .daemon()
                .start(this::run)
                .isAlive();
    }

    void onStop(@Observes ShutdownEvent event) {
        closed.countDown();
    }

    /** How far the replica is, with a guess of how long it takes. */
    public RecoveryProgress progress(ReplicaSnapshot snapshot) {
        return withEta(RecoveryProgress.of(snapshot));
    }

    private RecoveryProgress withEta(RecoveryProgress progress) {
        return progress.withEta(rate.etaMillis(progress));
    }

    private void run() {
        try {
            long lastNanos = System.nanoTime();
            while (!closed.await(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
                long nowNanos = System.nanoTime();
                long sinceNanos = nowNanos - lastNanos;
                process.snapshot().ifPresent(snapshot -> follow(snapshot, nowNanos, sinceNanos));
                lastNanos = nowNanos;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(ReplicaSnapshot snapshot, long nowNanos, long sinceNanos) {
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos);
        RecoveryProgress sampled = RecoveryProgress.of(snapshot);
        rate.sample(sampled, nowMillis);
        RecoveryProgress progress = withEta(sampled);
        times.add(progress.step(), sinceNanos);
        if (progress.step() != seen) {
            seen = progress.step();
            seenMillis = nowMillis;
        }
        if (nowMillis - seenMillis < LASTING_MILLIS) {
            // A replica is behind for a moment now and then; that is not worth a line.
            return;
        }
        boolean changed = progress.step() != logged;
        if (changed && progress.step() == Step.NONE) {
            LOG.infof("recovery is complete at decision %d", snapshot.protocol().lastDecided());
        } else if (progress.step() != Step.NONE && (changed || nowMillis - loggedMillis >= LOG_MILLIS)) {
            LOG.info(progress.describe());
            loggedMillis = nowMillis;
        }
        logged = progress.step();
    }
}
