package io.atlassmr.server.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Closes a connection whose other end takes nothing of what waits for it. An answer that takes long to make, or to take, is none. */
final class AnswerWatch extends IdleStateHandler {

    private final HttpListener listener;
    private final String remote;

    AnswerWatch(HttpListener listener, String remote) {
        super(true, 0, listener.timeoutMillis(), 0, TimeUnit.MILLISECONDS);
        this.listener = listener;
        this.remote = remote;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
            listener.refuse(
                    context.channel(), remote, HttpRefusal.ANSWER_NOT_TAKEN, "nothing of an answer was taken in time");
        }
    }
}
