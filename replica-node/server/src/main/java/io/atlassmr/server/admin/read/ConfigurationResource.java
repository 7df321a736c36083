package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.message.Role;
import io.atlassmr.server.admin.access.RequiresRole;
import io.atlassmr.server.admin.read.ConfigurationAnswer.Value;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The configuration in the admin API, without secrets. */
@AdminFace
@Path("/admin/v1/configuration")
@Produces(MediaType.APPLICATION_JSON)
public final class ConfigurationResource {

    private static final String PREFIX = "atlas.";
    private static final Pattern SECRET =
            Pattern.compile("password|passphrase|secret|token|credential|private", Pattern.CASE_INSENSITIVE);

    private final Config config;
    private final ReplicaSettings settings;

    @Inject
    ConfigurationResource(Config config, ReplicaSettings settings) {
        this.config = config;
        this.settings = settings;
    }

    /** What this replica is configured with: the keys of Atlas, with their defaults. Keys that are named like secrets are masked. */
    @GET
    @Operation(summary = "What this replica is configured with, without secrets")
    @RequiresRole(value = Role.VIEWER, what = "the configuration")
    public ConfigurationAnswer configuration() {
        TreeSet<String> keys = new TreeSet<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                keys.add(name);
            }
        }
        List<Value> values = keys.stream()
                .map(config::getConfigValue)
                .filter(value -> value.getValue() != null)
                .map(ConfigurationResource::value)
                .toList();
        return new ConfigurationAnswer(settings.self().id(), values);
    }

    static Value value(ConfigValue value) {
        boolean secret = SECRET.matcher(value.getName()).find();
        return new Value(
                value.getName(),
                secret ? ConfigurationAnswer.MASKED : value.getValue(),
                String.valueOf(value.getSourceName()));
    }
}
