package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;

/** What {@link Recovery} tells the replica it is part of. */
interface RecoveryListener {

    /** The state was replaced by a checkpoint: what waits here may be decided already. */
    void onStateReplaced();

    /** One member signed both. */
    void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second);
}
