package io.atlassmr.server.admin.write;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.reconfiguration.state.Outcome;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of a command.
 *
 * @param command SHA-256 of its payload, hexadecimal; names it
 * @param sequenceNumber the decision it is in, absent while it is in none
 * @param refusal the name of the reason why it was not done
 * @param detail the reason for a person
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReconfigurationView(
        String command,
        State state,
        @Schema(nullable = true) Long sequenceNumber,
        @Schema(nullable = true) String refusal,
        @Schema(nullable = true) String detail) {

    /** How far it is. */
    public enum State {
        /** Not decided, as far as this replica knows or remembers. */
        PENDING,
        /** Decided and done. */
        DONE,
        /** Decided and refused, by all members alike; or refused here, because it could not be done. */
        REFUSED
    }

    static ReconfigurationView pending(Digest command) {
        return new ReconfigurationView(command.toHex(), State.PENDING, null, null, null);
    }

    static ReconfigurationView of(Outcome outcome) {
        return outcome.refusal() == null
                ? new ReconfigurationView(outcome.command().toHex(), State.DONE, outcome.sequenceNumber(), null, null)
                : refused(outcome.command(), outcome.sequenceNumber(), outcome.refusal());
    }

    static ReconfigurationView refused(Digest command, Long sequenceNumber, Refusal refusal) {
        return new ReconfigurationView(command.toHex(), State.REFUSED, sequenceNumber, refusal.name(), refusal.text());
    }
}
