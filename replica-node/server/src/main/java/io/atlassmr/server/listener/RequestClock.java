package io.atlassmr.server.listener;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The time that requests on a connection get, and answers. From when a request may be sent, at the end of the handshake or of the
 * last answer, its head has to come in full within the limit, however it drips; from its head on its body has. While a request is
 * worked on no clock runs. Requests that are sent ahead of answers are bounded. On the connection's thread, between the codec and the
 * HTTP server.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close has closed the channel, too
final class RequestClock extends ChannelDuplexHandler {

    /** Most requests whose answers have not been sent, the one that is worked on included. */
    static final int MAX_UNANSWERED = 16;

    private final HttpListener listener;
    private final String remote;
    private Future<?> clock;
    private int unanswered;
    private boolean inBody;
    private boolean inHead;
    private boolean messageInThisRead;
    private boolean proven;

    private RequestClock(HttpListener listener, String remote, boolean inRead) {
        this.listener = listener;
        this.remote = remote;
        this.messageInThisRead = inRead;
    }

    /**
     * Sets the clock; the HTTP server has made its handlers. A connection that does not speak HTTP/1 is closed.
     *
     * @param remote what the log calls the other end
     * @param inRead whether this is while something is read, which is no part of a request
     */
    static void start(ChannelPipeline pipeline, HttpListener listener, String remote, boolean inRead) {
        ChannelHandlerContext codec = pipeline.context(HttpResponseEncoder.class);
        if (codec == null) {
            pipeline.close();
            return;
        }
        pipeline.addAfter(codec.name(), null, new RequestClock(listener, remote, inRead));
        pipeline.addAfter(codec.name(), null, new AnswerWatch(listener, remote));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        expectHead(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messageInThisRead = true;
        if (message instanceof HttpRequest) {
            if (unanswered == MAX_UNANSWERED) {
                ReferenceCountUtil.release(message);
                refuse(
                        context,
                        HttpRefusal.TOO_MANY_AHEAD,
                        "more than " + MAX_UNANSWERED + " requests without answers");
                return;
            }
            headCame(context);
        }
        if (message instanceof LastHttpContent) {
            bodyCame(context);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        inHead |= !messageInThisRead;
        messageInThisRead = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ChannelPromise written = promise;
        boolean provisional = false;
        if (message instanceof HttpResponse response) {
            provisional = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            turnedAway(response.status())
                    .ifPresent(reason ->
                            listener.refused(remote, reason, response.status().toString()));
        }
        if (message instanceof LastHttpContent && !provisional) {
            written = promise.unvoid().addListener(_ -> answered(context));
        }
        context.write(message, written);
    }

    private static Optional<HttpRefusal> turnedAway(HttpResponseStatus status) {
        return switch (status.code()) {
            case 413 -> Optional.of(HttpRefusal.TOO_LARGE);
            case 429 -> Optional.of(HttpRefusal.OVERLOADED);
            default -> Optional.empty();
        };
    }

    private void headCame(ChannelHandlerContext context) {
        if (!proven) {
            proven = listener.prove(context.channel(), Optional.empty());
        }
        unanswered++;
        inBody = true;
        set(context, () -> expireBody(context));
    }

    private void bodyCame(ChannelHandlerContext context) {
        inBody = false;
        stop();
        if (unanswered == 0) {
            expectHead(context);
        }
    }

    private void answered(ChannelHandlerContext context) {
        unanswered = Math.max(0, unanswered - 1);
        if (unanswered == 0 && !inBody && context.channel().isActive()) {
            expectHead(context);
        }
    }

    private void expectHead(ChannelHandlerContext context) {
        inHead = false;
        set(context, () -> expireHead(context));
    }

    private void expireHead(ChannelHandlerContext context) {
        if (inHead) {
            refuse(context, HttpRefusal.HEAD_TIMEOUT, "the head of a request took too long");
        } else {
            listener.counted(HttpRefusal.IDLE);
            context.close();
        }
    }

    private void expireBody(ChannelHandlerContext context) {
        if (context.channel().config().isAutoRead()) {
            refuse(context, HttpRefusal.BODY_TIMEOUT, "the body of a request took too long");
        } else {
            // What we did not read is not the other end's fault.
            set(context, () -> expireBody(context));
        }
    }

    private void refuse(ChannelHandlerContext context, HttpRefusal reason, String detail) {
        stop();
        listener.refuse(context.channel(), remote, reason, detail);
    }

    private void set(ChannelHandlerContext context, Runnable expire) {
        stop();
        clock = context.executor().schedule(expire, listener.timeoutMillis(), TimeUnit.MILLISECONDS);
    }

    private void stop() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }
}
