package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.tls.IdentityTrustManager;
import io.atlassmr.transport.tls.RefusedException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Waits for the end of the TLS handshake and lets the connection pass or refuses it. Then it leaves the pipeline. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close closes the channel, which is reported
final class HandshakeGate extends ChannelInboundHandlerAdapter {

    /** What happens to a connection at the gate; called once, on the connection's thread. */
    interface Outcome {
        /** The handler that takes the gate's place. */
        ConnectionHandler admitted(ChannelHandlerContext context, IdentityKey peer);

        void refusedAtGate(Refusal reason, String detail);
    }

    private static final int MAX_CAUSES = 16;

    private final SslHandler ssl;
    private final IdentityTrustManager trust;
    private final Outcome outcome;
    private boolean done;

    HandshakeGate(SslHandler ssl, IdentityTrustManager trust, Outcome outcome) {
        this.ssl = ssl;
        this.trust = trust;
        this.outcome = outcome;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !done) {
            if (handshake.isSuccess()) {
                pass(context);
            } else {
                refuse(context, handshake.cause());
            }
        }
    }

    private void pass(ChannelHandlerContext context) {
        IdentityKey peer;
        try {
            // Again, though the trust manager did: a resumed session does not ask it.
            Certificate[] chain = ssl.engine().getSession().getPeerCertificates();
            peer = trust.check(chain);
        } catch (SSLPeerUnverifiedException | RefusedException e) {
            refuse(context, e);
            return;
        }
        done = true;
        context.pipeline().replace(this, "connection", outcome.admitted(context, peer));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        refuse(context, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        refuse(context, new ClosedChannelException());
    }

    private void refuse(ChannelHandlerContext context, Throwable cause) {
        if (!done) {
            done = true;
            Throwable reason = cause;
            for (int i = 0; i < MAX_CAUSES && reason.getCause() != null && !(reason instanceof RefusedException); i++) {
                reason = reason.getCause();
            }
            outcome.refusedAtGate(classify(reason), detail(reason));
        }
        context.close();
    }

    private static Refusal classify(Throwable cause) {
        return switch (cause) {
            case RefusedException refused -> refused.refusal();
            case NotSslRecordException plain -> Refusal.PLAIN_TEXT;
            case SslHandshakeTimeoutException late -> Refusal.HANDSHAKE_TIMEOUT;
            case SSLPeerUnverifiedException none -> Refusal.CERTIFICATE_MALFORMED;
            default -> Refusal.HANDSHAKE_FAILED;
        };
    }

    private static String detail(Throwable cause) {
        return switch (cause) {
            // Its message quotes all that was sent.
            case NotSslRecordException plain -> "what arrived is not TLS";
            case ClosedChannelException closed -> "closed during the TLS handshake";
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }
}
