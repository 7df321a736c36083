package io.atlassmr.server.metrics;

import io.atlassmr.server.config.ReplicaSettings;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Says of every metric of the process which replica of which cluster it is about. */
final class MetricTags {

    @Produces
    @Singleton
    MeterFilter tags(ReplicaSettings settings) {
        return MeterFilter.commonTags(Tags.of(
                "cluster",
                settings.cluster().clusterId(),
                "replica",
                String.valueOf(settings.self().id())));
    }
}
