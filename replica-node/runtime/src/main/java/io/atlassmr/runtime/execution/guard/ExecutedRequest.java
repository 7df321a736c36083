package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;

/** A request with what its execution gave. */
public record ExecutedRequest(ClientRequest request, OrderedContext context, Reply reply) {}
