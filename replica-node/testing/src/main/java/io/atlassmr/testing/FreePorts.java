package io.atlassmr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Ports for the replicas of one cluster. */
final class FreePorts {

    private FreePorts() {}

    /** Ports of the loopback interface that nobody listens on now. */
    static List<Integer> find(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            try {
                for (int i = 0; i < count; i++) {
                    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    sockets.add(socket);
                    ports.add(socket.getLocalPort());
                }
            } finally {
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ports;
    }

    /** Numbers for a network without ports. */
    static List<Integer> unused(int count) {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }
}
