package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;

/** What a {@link CheckpointProtocol} tells the replica it is part of. */
public interface CheckpointListener {

    /** A quorum vouches for this replica's own checkpoint. */
    void onStable(Certificate certificate);

    /** A quorum vouches for a state that is not this replica's: it executed something else than the others. */
    void onDiverged(Certificate certificate);

    /** One member signed both. */
    void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second);
}
