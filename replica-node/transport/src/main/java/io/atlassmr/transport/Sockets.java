package io.atlassmr.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;

/** Network threads and the sockets that go with them. */
record Sockets(
        EventLoopGroup loops,
        Class<? extends ServerChannel> serverType,
        Class<? extends Channel> clientType,
        String description) {

    static Sockets open(String name, int threads, boolean nativeSockets) {
        ThreadFactory factory = new DefaultThreadFactory(name + "-net", true);
        return nativeSockets && Epoll.isAvailable()
                ? new Sockets(
                        new EpollEventLoopGroup(threads, factory),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        "epoll")
                : new Sockets(
                        new NioEventLoopGroup(threads, factory),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        "NIO");
    }
}
