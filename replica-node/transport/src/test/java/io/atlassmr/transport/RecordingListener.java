package io.atlassmr.transport;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what it is told until a test takes it. */
final class RecordingListener implements ConnectionListener {

    /** A frame with the connection it came on. */
    record Received(Connection connection, int frameClass, byte[] payload) {}

    private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Received> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connection> closed = new LinkedBlockingQueue<>();

    Connection awaitOpen() throws InterruptedException {
        return opened.take();
    }

    Received awaitFrame() throws InterruptedException {
        return frames.take();
    }

    Connection awaitClosed() throws InterruptedException {
        return closed.take();
    }

    boolean sawNoConnection() {
        return opened.isEmpty();
    }

    boolean sawNoEnd() {
        return closed.isEmpty();
    }

    @Override
    public void onOpen(Connection connection) {
        opened.add(connection);
    }

    @Override
    public void onFrame(Connection connection, int frameClass, byte[] payload) {
        frames.add(new Received(connection, frameClass, payload));
    }

    @Override
    public void onClosed(Connection connection) {
        closed.add(connection);
    }
}
