package io.atlassmr.server.listener;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.server.config.ListenerLimits;
import io.atlassmr.transport.admission.RefusalLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * One HTTP port: sees each connection before the HTTP server does, keeps those that there is room for, and counts what is refused.
 * Beside what proves the caller, it knows nothing of what is asked. Thread-safe.
 */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // a failed close has closed the channel, too
public final class HttpListener extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(HttpListener.class);

    private final String name;
    private final ListenerLimits limits;
    private final ConnectionTable connections;
    private final Map<HttpRefusal, LongAdder> counts = new EnumMap<>(HttpRefusal.class);
    private final RefusalLog<HttpRefusal> refusals;
    private volatile boolean watching;

    HttpListener(String name, ListenerLimits limits, long logIntervalMillis) {
        this.name = name;
        this.limits = limits;
        this.connections = new ConnectionTable(limits.maxConnections(), limits.maxConnectionsPerCaller());
        for (HttpRefusal reason : HttpRefusal.values()) {
            counts.put(reason, new LongAdder());
        }
        this.refusals = new RefusalLog<>(
                logIntervalMillis,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                this::counted,
                line -> LOG.warn(name + " refused " + line));
    }

    /** What the port is for; part of the metrics. */
    public String name() {
        return name;
    }

    /** How many connections stand. */
    public int connections() {
        return connections.size();
    }

    /** How often this happened. */
    public long count(HttpRefusal reason) {
        return counts.get(reason).sum();
    }

    /** Whether it has been put before a port. */
    boolean isWatching() {
        return watching;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        watching = true;
    }

    /** A connection is accepted. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        ((Channel) accepted).pipeline().addLast(new Entrance(this));
        context.fireChannelRead(accepted);
    }

    int timeoutMillis() {
        return limits.timeoutMillis();
    }

    /** Takes a connection in, or closes it. On the connection's thread. */
    boolean enter(Channel channel) {
        Optional<Channel> leaving = connections.enter(channel);
        leaving.ifPresent(this::refuseForRoom);
        boolean stays = leaving.filter(channel::equals).isEmpty();
        if (stays) {
            channel.closeFuture().addListener(_ -> connections.leave(channel));
        }
        return stays;
    }

    private void refuseForRoom(Channel channel) {
        refuse(
                channel,
                RefusalLog.remote(channel.remoteAddress()),
                HttpRefusal.TOO_MANY_CONNECTIONS,
                "the bound of " + limits.maxConnections() + " is reached");
    }

    /** A connection has proven itself: it stays, or is closed if its caller has too many. */
    boolean prove(Channel channel, Optional<IdentityKey> caller) {
        boolean stays = connections.prove(channel, caller);
        if (!stays) {
            refuse(
                    channel,
                    caller.map(IdentityKey::toHex).orElseThrow(),
                    HttpRefusal.TOO_MANY_OF_CALLER,
                    "the bound of " + limits.maxConnectionsPerCaller() + " is reached");
        }
        return stays;
    }

    /** Closes a connection with a reason. */
    void refuse(Channel channel, String remote, HttpRefusal reason, String detail) {
        refused(remote, reason, detail);
        channel.close();
    }

    /** Counts, and logs once for each remote and interval. */
    void refused(String remote, HttpRefusal reason, String detail) {
        refusals.refused(remote, reason, detail);
    }

    /** Counts what is nobody's fault. */
    void counted(HttpRefusal reason) {
        counts.get(reason).increment();
    }
}
