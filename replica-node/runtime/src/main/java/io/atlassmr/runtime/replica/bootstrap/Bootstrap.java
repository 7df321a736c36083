package io.atlassmr.runtime.replica.bootstrap;

import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The steps of a start, in order: each is logged with its duration, and one that fails says which it was and why. */
public final class Bootstrap {

    private static final Logger LOG = Logger.getLogger(Bootstrap.class);

    /** The steps in the order they are taken. */
    public enum Step {
        NETWORK_AND_RECONFIGURATION("network and reconfiguration"),
        QUORUM_INFORMATION("quorum information"),
        REQUEST_PRE_PROCESSING("request pre-processing"),
        PERSISTENT_LOG("persistent log"),
        ORDERING_AND_VIEW_TRANSFER("ordering and view transfer"),
        DECISION_LOG_AND_STATE_TRANSFER("decision log and state transfer"),
        COMPOSITION("composition");

        private final String title;

        Step(String title) {
            this.title = title;
        }
    }

    /** What a step does; its result is what it found, for the log. */
    public interface Work {
        String run() throws Exception;
    }

    private final ArrayDeque<Step> remaining = new ArrayDeque<>(List.of(Step.values()));

    /**
     * Takes the next step.
     *
     * @throws BootstrapException if it fails; names the step and the reason
     * @throws IllegalStateException if another step is next
     */
    public void step(Step step, Work work) throws BootstrapException {
        if (step != remaining.peek()) {
            throw new IllegalStateException(step + " out of order, next is " + remaining.peek());
        }
        int count = Step.values().length;
        String name = "step " + (count - remaining.size() + 1) + "/" + count + " " + step.title;
        long startNanos = System.nanoTime();
        try {
            String found = work.run();
            LOG.infof(
                    "bootstrap %s: %d ms, %s",
                    name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos), found);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootstrapException("bootstrap " + name + " was interrupted", e);
        } catch (Exception e) {
            // The message of a file system's exception is but the file's name.
            boolean tellsLittle = e.getMessage() == null || e instanceof FileSystemException;
            String reason = tellsLittle ? e.toString() : e.getMessage();
            throw new BootstrapException("bootstrap " + name + " failed: " + reason, e);
        }
        remaining.remove();
    }
}
