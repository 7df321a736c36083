package io.atlassmr.server.replica;

import io.atlassmr.api.Application;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvState;
import io.atlassmr.kv.RocksDbKvState;
import io.atlassmr.server.config.AtlasConfig;
import io.atlassmr.server.config.ReplicaSettings;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The application of a server that is given no other: the key-value store; and, for any application, entries that live where
 * {@code atlas.kv.state} says.
 */
final class KeyValueProducer {

    @Produces
    @Singleton
    @DefaultBean
    Application keyValue(KvState entries) {
        return new KvApplication(entries);
    }

    /** For one application; without entries at first; closed by the application, if that can be closed. */
    @Produces
    @Dependent
    KvState entries(AtlasConfig config, ReplicaSettings settings) {
        return switch (config.kv().state()) {
            case MEMORY -> new InMemoryKvState();
            case ROCKSDB -> rocksDb(config, settings);
        };
    }

    private static KvState rocksDb(AtlasConfig config, ReplicaSettings settings) {
        Path log = settings.replica().dbPath().toAbsolutePath().normalize();
        Path path = config.kv()
                .path()
                .orElseThrow(() -> new ConfigurationException(
                        "atlas.kv.path is not set; it may be a directory of its own, since atlas.kv.state is rocksdb"));
        if (path.toAbsolutePath().normalize().equals(log)) {
            throw new ConfigurationException(
                    "atlas.kv.path is " + path + "; it may be any directory but that of atlas.db-path");
        }
        try {
            return RocksDbKvState.open(path);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "atlas.kv.path is " + path + "; it may be a directory of its own that can be written: "
                            + e.getMessage(),
                    e);
        }
    }

    void close(@Disposes Application application) throws Exception {
        if (application instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
