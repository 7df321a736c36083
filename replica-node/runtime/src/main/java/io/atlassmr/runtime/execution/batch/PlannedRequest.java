package io.atlassmr.runtime.execution.batch;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.protocol.message.ClientRequest;

/**
 * A request that will likely be executed.
 *
 * @param context what it will likely be executed with
 */
public record PlannedRequest(ClientRequest request, OrderedContext context) {}
