package io.atlassmr.protocol.message.agreement;

import io.atlassmr.protocol.message.Certificate;
import java.util.List;

/**
 * "I vote in no view below this one, and this is all that earlier views bind me to."
 *
 * @param view the view asked for
 * @param lastDecided everything up to here is decided at the sender
 * @param checkpoint certificate of a stable checkpoint at or below {@code lastDecided}; null if {@code decided} reaches back a
 *     whole window, or to the first decision
 * @param decided commit certificates of the last window up to {@code lastDecided}, or of what lies above the checkpoint,
 *     ascending, without gaps
 * @param prepared the prepared certificate of the highest view for each sequence number above {@code lastDecided} that has
 *     one, ascending
 */
public record ViewChange(
        long view, long lastDecided, Certificate checkpoint, List<Certificate> decided, List<Certificate> prepared)
        implements ProtocolMessage {

    /** A view change whose {@code decided} needs no checkpoint beneath it. */
    public ViewChange(long view, long lastDecided, List<Certificate> decided, List<Certificate> prepared) {
        this(view, lastDecided, null, decided, prepared);
    }

    public ViewChange {
        decided = List.copyOf(decided);
        prepared = List.copyOf(prepared);
    }
}
