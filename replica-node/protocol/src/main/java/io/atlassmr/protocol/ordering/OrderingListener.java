package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;

/** What an {@link OrderingProtocol} tells the replica it is part of. */
public interface OrderingListener {

    /** The decision is next in the total order and was handed to execution. */
    void onDelivered(Decision decision);

    /** One member signed both. */
    void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second);
}
