package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameAssembler;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.frame.OutboundQueues;
import io.atlassmr.transport.statistics.TransportCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A connection after its handshake: frames in, queues out, and the watch over silence and stalls. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close closes the channel, which is reported
final class ConnectionHandler extends ChannelInboundHandlerAdapter implements Connection, FrameAssembler.Sink {

    /** What the server or connector that holds the connection wants to know. Called on the connection's thread. */
    interface Owner {
        void opened(ConnectionHandler connection);

        void frame(ConnectionHandler connection, int frameClass, byte[] payload);

        /** @param open whether {@link #opened} was called */
        void closed(ConnectionHandler connection, boolean open);

        void refused(Refusal reason, String detail);
    }

    /** Which end of the connection this is. */
    enum End {
        /** Greets the client once it has let it in. */
        SERVER,
        /** Knows only from the server's welcome that it was let in: in TLS 1.3 its own handshake ends before the server has decided. */
        CLIENT
    }

    private static final byte WELCOME = 1;
    private static final byte PING = 2;
    private static final int COPY_UP_TO_BYTES = 16 * 1024;
    private static final int MAX_ROUNDS = 16;
    private static final long CLOSE_TIMEOUT_MILLIS = 1_000;

    private final Channel channel;
    private final IdentityKey peer;
    private final End end;
    private final TransportConfiguration configuration;
    private final TransportCounters counters;
    private final Owner owner;
    private final OutboundQueues queues;
    private final FrameAssembler assembler;
    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    private volatile boolean closing;
    private boolean draining;
    private boolean open;
    private boolean refused;
    private boolean stallWatched;
    private long lastReadNanos = System.nanoTime();

    ConnectionHandler(
            Channel channel,
            IdentityKey peer,
            End end,
            FrameLimits limits,
            TransportConfiguration configuration,
            TransportCounters counters,
            Owner owner) {
        this.channel = channel;
        this.peer = peer;
        this.end = end;
        this.configuration = configuration;
        this.counters = counters;
        this.owner = owner;
        this.queues = new OutboundQueues(limits, configuration.queueMaxFrames(), configuration.queueMaxBytes());
        this.assembler = new FrameAssembler(limits, this);
    }

    @Override
    public IdentityKey peer() {
        return peer;
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    @Override
    public boolean send(int frameClass, byte[] payload) {
        Optional<Drop> drop = queues.offer(frameClass, payload);
        if (drop.isPresent()) {
            counters.dropped(frameClass, drop.get());
            return false;
        }
        scheduleDrain();
        return true;
    }

    @Override
    public void setReadsPaused(boolean paused) {
        onLoop(loop -> loop.execute(() -> {
            if (!paused) {
                // What did not arrive while we did not read is not the other end's fault.
                lastReadNanos = System.nanoTime();
            }
            channel.config().setAutoRead(!paused);
        }));
    }

    @Override
    public void close() {
        queues.close();
        closing = true;
        scheduleDrain();
        onLoop(loop -> loop.schedule(() -> channel.close(), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Hands something to the connection's thread; once the transport is closed there is none, and nothing left to do. */
    private void onLoop(Consumer<EventLoop> task) {
        try {
            task.accept(channel.eventLoop());
        } catch (RejectedExecutionException _) {
            queues.close();
        }
    }

    /** Closes with a reason that is counted. */
    void refuse(Refusal reason, String detail) {
        if (channel.eventLoop().inEventLoop()) {
            if (!refused && !closing) {
                refused = true;
                owner.refused(reason, detail);
            }
            queues.close();
            channel.close();
        } else {
            onLoop(loop -> loop.execute(() -> refuse(reason, detail)));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (end == End.SERVER) {
            writeControl(WELCOME);
            open();
        } else {
            schedule(this::refuseUnlessWelcomed, configuration.handshakeTimeoutMillis());
        }
        schedule(this::keepAlive, configuration.silenceTimeoutMillis() / 3);
    }

    private void refuseUnlessWelcomed() {
        if (!open) {
            refuse(Refusal.HANDSHAKE_TIMEOUT, "the server did not say whether it lets us in");
        }
    }

    private void open() {
        open = true;
        try {
            owner.opened(this);
        } catch (RuntimeException e) {
            refuse(Refusal.BROKEN, "a listener failed: " + e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            lastReadNanos = System.nanoTime();
            assembler.accept((ByteBuf) message);
            watchStall();
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void onFrame(int frameClass, byte[] payload) {
        if (frameClass == FrameLimits.CONTROL_CLASS) {
            onControl(payload);
        } else if (open) {
            counters.received(frameClass, payload.length);
            try {
                owner.frame(this, frameClass, payload);
            } catch (RuntimeException e) {
                refuse(Refusal.BROKEN, "a listener failed: " + e);
            }
        } else {
            refuse(Refusal.FRAME_MALFORMED, "a frame of class " + frameClass + " before the welcome");
        }
    }

    private void onControl(byte[] payload) {
        int kind = payload.length == 1 ? payload[0] : 0;
        if (kind == WELCOME && end == End.CLIENT && !open) {
            open();
        } else if (kind != PING) {
            refuse(Refusal.FRAME_MALFORMED, "a control frame that makes no sense");
        }
    }

    @Override
    public void onViolation(Refusal reason, String detail) {
        refuse(reason, detail);
    }

    private void watchStall() {
        if (assembler.midFrame() && !stallWatched) {
            stallWatched = true;
            schedule(this::checkStall, configuration.stallTimeoutMillis());
        }
    }

    private void checkStall() {
        stallWatched = false;
        if (!assembler.midFrame()) {
            return;
        }
        long leftMillis = configuration.stallTimeoutMillis() - silentMillis();
        if (leftMillis > 0 || !channel.config().isAutoRead()) {
            stallWatched = true;
            schedule(this::checkStall, Math.max(leftMillis, 1));
        } else {
            refuse(Refusal.FRAME_STALLED, "a frame began and did not go on for " + silentMillis() + " ms");
        }
    }

    private void keepAlive() {
        if (silentMillis() > configuration.silenceTimeoutMillis()
                && channel.config().isAutoRead()) {
            refuse(Refusal.SILENT, "nothing arrived for " + silentMillis() + " ms");
            return;
        }
        if (channel.isWritable()) {
            writeControl(PING);
        }
        schedule(this::keepAlive, configuration.silenceTimeoutMillis() / 3);
    }

    private long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReadNanos);
    }

    private void schedule(Runnable task, long delayMillis) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (channel.isActive()) {
                                task.run();
                            }
                        },
                        delayMillis,
                        TimeUnit.MILLISECONDS);
    }

    private void scheduleDrain() {
        if (drainScheduled.compareAndSet(false, true)) {
            onLoop(loop -> loop.execute(this::drain));
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!draining && channel.isWritable()) {
            drain();
        }
    }

    /** Writes as much as the socket's buffer takes, with a flush for many frames rather than for each. */
    private void drain() {
        drainScheduled.set(false);
        draining = true;
        int rounds = 0;
        while (rounds < MAX_ROUNDS && writeWhileWritable()) {
            rounds++;
            channel.flush();
        }
        draining = false;
        if (queues.isEmpty()) {
            if (closing) {
                channel.close();
            }
        } else if (channel.isWritable()) {
            scheduleDrain();
        }
    }

    private boolean writeWhileWritable() {
        boolean wrote = false;
        while (channel.isWritable()) {
            OutboundQueues.Frame frame = queues.poll();
            if (frame == null) {
                break;
            }
            write(frame.frameClass(), frame.payload());
            counters.sent(frame.frameClass(), frame.payload().length);
            wrote = true;
        }
        return wrote;
    }

    private void write(int frameClass, byte[] payload) {
        boolean copy = payload.length <= COPY_UP_TO_BYTES;
        ByteBuf head = channel.alloc().buffer(5 + (copy ? payload.length : 0));
        head.writeInt(payload.length + 1).writeByte(frameClass);
        if (copy) {
            channel.write(head.writeBytes(payload));
        } else {
            channel.write(head);
            channel.write(Unpooled.wrappedBuffer(payload));
        }
    }

    private void writeControl(byte kind) {
        write(FrameLimits.CONTROL_CLASS, new byte[] {kind});
        channel.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean welcomeMissing = end == End.CLIENT && !open;
        refuse(welcomeMissing ? Refusal.REFUSED_BY_PEER : Refusal.BROKEN, String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (end == End.CLIENT && !open) {
            refuse(Refusal.REFUSED_BY_PEER, "the server closed the connection after the handshake");
        }
        queues.close();
        boolean wasOpen = open;
        open = false;
        owner.closed(this, wasOpen);
    }
}
