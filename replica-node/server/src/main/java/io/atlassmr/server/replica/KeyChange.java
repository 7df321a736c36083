package io.atlassmr.server.replica;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.server.config.ReplicaSettings;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Puts the files of a replica's keys in order once a change of its key is in force. */
record KeyChange(ReplicaSettings settings) {

    private static final Logger LOG = Logger.getLogger(KeyChange.class);

    void onEpochEntered(Epoch epoch) {
        epoch.membership().member(settings.self().id()).ifPresent(member -> {
            try {
                if (settings.identityFile().changed(member.publicKey())) {
                    LOG.infof("this replica has a new key since epoch %d", epoch.number());
                }
            } catch (IOException e) {
                LOG.errorf(
                        e,
                        "the files of the old key and the new one beside %s could not be renamed; both are in use",
                        settings.identityFile().file());
            }
        });
    }
}
