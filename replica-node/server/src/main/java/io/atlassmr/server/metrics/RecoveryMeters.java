package io.atlassmr.server.metrics;

import io.atlassmr.server.admin.recovery.RecoveryProgress.Step;
import io.atlassmr.server.admin.recovery.RecoveryTimes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;

/** How long the replica took, and takes, to come back. */
@Singleton
final class RecoveryMeters implements MeterBinder {

    private final RecoveryTimes times;

    @Inject
    RecoveryMeters(RecoveryTimes times) {
        this.times = times;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Step step : Step.values()) {
            if (step != Step.NONE) {
                FunctionCounter.builder("atlas.recovery", times, each -> each.seconds(step))
                        .description("Time in a step of recovery since the start")
                        .baseUnit("seconds")
                        .tag("step", step.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }
}
