package io.atlassmr.server.listener;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.RefusalLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;

/**
 * The first in a connection's pipeline: takes a place for it, waits for the end of its handshake if there is one, sets the clock for
 * its requests, and leaves the pipeline.
 */
final class Entrance extends ChannelInboundHandlerAdapter {

    private final HttpListener listener;

    Entrance(HttpListener listener) {
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!listener.enter(context.channel())) {
            return;
        }
        ChannelPipeline pipeline = context.pipeline();
        String remote = RefusalLog.remote(context.channel().remoteAddress());
        SslHandler tls = pipeline.get(SslHandler.class);
        if (tls == null) {
            RequestClock.start(pipeline, listener, remote, false);
        } else {
            pipeline.addAfter(pipeline.context(tls).name(), null, new AfterHandshake(tls, remote));
        }
        pipeline.remove(this);
        context.fireChannelActive();
    }

    /** Between TLS and the HTTP server, which makes its own handlers when it is told that the handshake is over. */
    private final class AfterHandshake extends ChannelInboundHandlerAdapter {

        private final SslHandler tls;
        private final String remote;

        AfterHandshake(SslHandler tls, String remote) {
            this.tls = tls;
            this.remote = remote;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                context.fireUserEventTriggered(event);
            } else if (handshake.isSuccess()) {
                pass(context, handshake);
            } else {
                fail(handshake.cause());
                context.fireUserEventTriggered(event);
            }
        }

        private void fail(Throwable cause) {
            switch (cause) {
                case SslHandshakeTimeoutException late ->
                    listener.refused(remote, HttpRefusal.HANDSHAKE_TIMEOUT, String.valueOf(late.getMessage()));
                // Its message quotes all that was sent.
                case NotSslRecordException _ ->
                    listener.refused(remote, HttpRefusal.HANDSHAKE_FAILED, "what arrived is not TLS");
                // The other end went, or has been counted.
                case ClosedChannelException _ -> {}
                default -> listener.refused(remote, HttpRefusal.HANDSHAKE_FAILED, String.valueOf(cause.getMessage()));
            }
        }

        private void pass(ChannelHandlerContext context, SslHandshakeCompletionEvent handshake) {
            Optional<IdentityKey> caller = PeerIdentity.of(tls.engine().getSession());
            if (listener.prove(context.channel(), caller)) {
                ChannelPipeline pipeline = context.pipeline();
                context.fireUserEventTriggered(handshake);
                RequestClock.start(
                        pipeline, listener, caller.map(IdentityKey::toHex).orElse(remote), true);
                pipeline.remove(this);
            }
        }
    }
}
