package io.atlassmr.protocol.message;

import java.util.List;

/**
 * "I vote in no view below this one, and this is all that earlier views bind me to."
 *
 * @param view the view asked for
 * @param lastDecided everything up to here is decided at the sender
 * @param decided commit certificates of the last window up to {@code lastDecided}, ascending, without gaps
 * @param prepared the prepared certificate of the highest view for each sequence number above {@code lastDecided} that has
 *     one, ascending
 */
public record ViewChange(long view, long lastDecided, List<Certificate> decided, List<Certificate> prepared)
        implements ProtocolMessage {

    public ViewChange {
        decided = List.copyOf(decided);
        prepared = List.copyOf(prepared);
    }
}
