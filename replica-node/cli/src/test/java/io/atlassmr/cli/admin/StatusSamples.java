package io.atlassmr.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.util.Optional;

/** What replicas say, from the fields that matter. */
final class StatusSamples {

    private StatusSamples() {}

    /** @param fields JSON with single quotes, without the braces */
    static AdminStatus status(String fields) {
        String json = "{'lifecycle':'RUNNING','phase':'ORDERING','ready':true," + fields + "}";
        try {
            return new ObjectMapper().readValue(json.replace('\'', '"'), AdminStatus.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    static ReplicaView view(AdminStatus status) {
        return new ReplicaView(
                status.replicaId(),
                ReplicaPorts.at(7000, status.replicaId()),
                Optional.of(1L),
                Optional.of(status),
                Optional.empty());
    }
}
