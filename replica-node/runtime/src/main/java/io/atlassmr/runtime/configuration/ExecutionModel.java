package io.atlassmr.runtime.configuration;

import io.atlassmr.api.Application;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.SnapshotApplication;
import java.util.Locale;
import java.util.Optional;

/** How operations are executed, from what every application can to what asks most of it. */
public enum ExecutionModel {
    /** All operations one after the other on one thread. */
    SINGLE_THREADED("Application"),
    /** Ordered operations one after the other on one thread, unordered ones beside them on a snapshot. */
    MIXED("SnapshotApplication"),
    /** Ordered operations on several threads at once, with what conflicts executed again in order; unordered as in mixed. */
    SPECULATIVE("ScalableApplication");

    private static final String KEY = ReplicaConfiguration.PREFIX + "execution.model";

    private final String contract;

    ExecutionModel(String contract) {
        this.contract = contract;
    }

    /** As it is written in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The highest that the application's interface allows. */
    public static ExecutionModel highestOf(Application application) {
        return switch (application) {
            case ScalableApplication _ -> SPECULATIVE;
            case SnapshotApplication _ -> MIXED;
            default -> SINGLE_THREADED;
        };
    }

    /**
     * The model for an application: the wished one, or the highest.
     *
     * @throws ConfigurationException if the application does not allow the wished one
     */
    public static ExecutionModel of(Application application, Optional<ExecutionModel> wish) {
        ExecutionModel highest = highestOf(application);
        ExecutionModel chosen = wish.orElse(highest);
        if (chosen.compareTo(highest) > 0) {
            throw new ConfigurationException(
                    KEY,
                    chosen.key(),
                    highest.key() + " or lower: " + application.getClass().getName() + " is no " + chosen.contract);
        }
        return chosen;
    }
}
