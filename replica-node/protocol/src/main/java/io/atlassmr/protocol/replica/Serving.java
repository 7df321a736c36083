package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;

/** Gives peers what they lack and this replica has, as often as they may ask. */
final class Serving {

    private final EpochAgreement agreement;
    private final Recovery recovery;
    private final ReconfigurationProtocol reconfiguration;
    private final Outbox outbox;

    Serving(EpochAgreement agreement, Recovery recovery, ReconfigurationProtocol reconfiguration, Outbox outbox) {
        this.agreement = agreement;
        this.recovery = recovery;
        this.reconfiguration = reconfiguration;
        this.outbox = outbox;
    }

    /** A peer asks for what was proposed and voted from one place to another, both included. */
    void instances(int from, long first, long last, long nowMillis) {
        if (recovery.mayServe(from, nowMillis)) {
            agreement.ordering().serve(from, first, last);
        }
    }

    /** A peer asks for decisions from one to another, both included. */
    void decisions(int from, long first, long last, long nowMillis) {
        long newest = agreement.ordering().lastDelivered();
        if (first <= newest && recovery.mayServe(from, nowMillis)) {
            outbox.add(new ProtocolEffect.ServeDecisions(from, first, Math.min(last, newest)));
        }
    }

    /** A peer asks for the decisions that began this epoch and later ones. */
    void epochs(int from, long fromEpoch, long nowMillis) {
        boolean has =
                fromEpoch >= 2 && fromEpoch <= reconfiguration.epochs().latest().number();
        if (has && recovery.mayServe(from, nowMillis)) {
            outbox.add(new ProtocolEffect.ServeEpochs(from, fromEpoch));
        }
    }
}
