package io.atlassmr.server.admin.write;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How far a replica is on its way out of the others' way.
 *
 * @param leader id of the replica that leads the view
 * @param leave what became of its wish to be removed from the members; absent if it has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrainView(
        int replicaId,
        State state,
        int leader,
        @Schema(nullable = true) ReconfigurationView leave) {

    /** Whether it may be stopped. */
    public enum State {
        /** Leads if it is its turn, and serves clients. */
        SERVING,
        /** Turns clients away, and still leads or asks for another leader. */
        DRAINING,
        /** Turns clients away and leads nobody: nobody notices when it stops, but for its vote. */
        DRAINED
    }
}
