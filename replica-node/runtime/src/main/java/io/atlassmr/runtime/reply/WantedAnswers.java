package io.atlassmr.runtime.reply;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.runtime.execution.ExecutedBatch;
import java.util.HashSet;
import java.util.Set;

/** Which answers of a batch a replica sends: those to clients that want its answer to one of their bundles. */
public final class WantedAnswers {

    private WantedAnswers() {}

    /** What was executed, with the answers that {@code replica} is to give. */
    public static ExecutedBatch of(int replica, Batch batch, ExecutedBatch executed) {
        Set<ClientId> wanting = new HashSet<>();
        boolean everybody = true;
        for (ClientBundle bundle : batch.bundles()) {
            if (bundle.isAnsweredBy(replica)) {
                wanting.add(bundle.clientId());
            } else {
                everybody = false;
            }
        }
        if (everybody) {
            return executed;
        }
        return new ExecutedBatch(
                executed.sequenceNumber(),
                executed.view(),
                executed.stateDigest(),
                executed.replies().stream()
                        .filter(answers -> wanting.contains(answers.clientId()))
                        .toList());
    }
}
