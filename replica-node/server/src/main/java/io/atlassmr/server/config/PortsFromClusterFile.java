package io.atlassmr.server.config;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterFile;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Has Quarkus listen where the cluster file says that this replica listens, unless a person sets {@code quarkus.http.port} or
 * its like. What is wrong with the values it needs is left to {@link ReplicaSettings} to report.
 */
public final class PortsFromClusterFile implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;

    /** Of defaults that are in an archive; what people write is stronger. */
    private static final int ORDINAL_OF_WRITTEN_VALUES = 100;

    private static final Map<String, ToIntFunction<ClusterDescription.Member>> PORTS = Map.of(
            "quarkus.http.port", ClusterDescription.Member::gatewayPort,
            "quarkus.http.ssl-port", ClusterDescription.Member::adminPort,
            "quarkus.management.port", ClusterDescription.Member::managementPort);

    private static final String BIND_HOST = "atlas.bind-host";
    private static final String HTTP_HOST = "quarkus.http.host";
    private static final String MANAGEMENT_HOST = "quarkus.management.host";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        ToIntFunction<ClusterDescription.Member> port = PORTS.get(name);
        boolean host = name.equals(HTTP_HOST) || name.equals(MANAGEMENT_HOST);
        boolean written = value != null && value.getConfigSourceOrdinal() >= ORDINAL_OF_WRITTEN_VALUES;
        if (written || (port == null && !host)) {
            return value;
        }
        Optional<String> found = host
                ? text(context, BIND_HOST)
                : self(context).map(port::applyAsInt).filter(p -> p != 0).map(String::valueOf);
        return found.map(text -> ConfigValue.builder()
                        .withName(name)
                        .withValue(text)
                        .withRawValue(text)
                        .build())
                .orElse(value);
    }

    private static Optional<ClusterDescription.Member> self(ConfigSourceInterceptorContext context) {
        Optional<String> own = text(context, "atlas.member-file");
        Optional<String> file = text(context, "atlas.cluster-file");
        Optional<String> id = text(context, "atlas.replica-id");
        if (file.isEmpty() || id.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (own.isPresent()) {
                return Optional.of(ClusterFile.readMember(Path.of(own.get())));
            }
            return ClusterFile.read(Path.of(file.get())).members().stream()
                    .filter(member -> String.valueOf(member.id()).equals(id.get()))
                    .findFirst();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(ConfigSourceInterceptorContext context, String name) {
        return Optional.ofNullable(context.restart(name)).map(ConfigValue::getValue);
    }
}
