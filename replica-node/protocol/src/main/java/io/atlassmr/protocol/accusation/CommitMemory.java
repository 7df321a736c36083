package io.atlassmr.protocol.accusation;

import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.List;

/** Who remembers what members committed to. */
@FunctionalInterface
public interface CommitMemory {

    /** The member's verified commits above this place that are remembered, ascending. */
    List<Signed<Commit>> commitsOf(int member, long aboveSequenceNumber);
}
