package io.atlassmr.server;

import io.atlassmr.server.config.StartFailure;
import io.atlassmr.server.replica.FailureReason;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.CountDownLatch;

/**
 * The process of a replica. Its exit code is 0 after a stop that was asked for, also by SIGTERM, and something else after a
 * failure, whose reason is the last line of its output.
 */
@QuarkusMain(name = "atlas-server")
public final class Main {

    // No logger here: it would be made before Quarkus has chosen the log manager.
    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static volatile int exitCode;

    private Main() {}

    /** Runs until the process is told to end, or the replica cannot go on. */
    public static void main(String... args) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("atlas-exit").unstarted(Main::exitAfterSignal));
        Quarkus.run(null, Main::exit, args);
    }

    private static void exit(int code, Throwable failure) {
        if (isDevelopment()) {
            // The process outlives the application, which starts anew after every change.
            ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
            return;
        }
        if (failure != null) {
            if (!StartFailure.isUnderstood(failure)) {
                failure.printStackTrace();
            }
            System.err.println(StartFailure.describe(failure));
        }
        FailureReason.get().ifPresent(reason -> System.err.println("atlas ends: " + reason));
        exitCode = code;
        ENDED.countDown();
        System.exit(code);
    }

    /** Known only once the application has started. */
    private static boolean isDevelopment() {
        return LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    /** A signal makes the JVM end with a code that says so, although everything went as it should. */
    private static void exitAfterSignal() {
        if (ENDED.getCount() == 0 || isDevelopment()) {
            return;
        }
        try {
            ENDED.await();
        } catch (InterruptedException e) {
            return;
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
