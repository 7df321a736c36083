package io.atlassmr.server.http;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection to a port of the application under test, of which every byte is said. */
final class RawConnection implements AutoCloseable {

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    /** To the TLS port, after the handshake, as {@code client}. */
    static RawConnection admin(Http http, Ed25519Identity client) throws IOException {
        SSLContext tls = IdentityTls.context(
                client, Admission.only(IdentityKey.of(http.self().publicKey())));
        SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), http.self().adminPort());
        socket.startHandshake();
        return new RawConnection(socket);
    }

    /** To any port, without a handshake. */
    static RawConnection plain(int port) throws IOException {
        return new RawConnection(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The status of the next answer, whose body has a length. */
    int answer() throws IOException {
        InputStream input = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = input.read();
            if (next < 0) {
                throw new IOException("closed after: " + head);
            }
            head.append((char) next);
        }
        String length = head.toString().replaceAll("(?is).*\r\ncontent-length: *(\\d+).*", "$1");
        input.skipNBytes(Integer.parseInt(length));
        return Integer.parseInt(head.substring(9, 12));
    }

    /** What comes until the other end closes the connection. */
    String untilClosed() {
        try (InputStream input = socket.getInputStream()) {
            return new String(input.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "reset";
        }
    }

    /**
     * Says this byte by byte, with pauses.
     *
     * @return after how long the other end closed the connection, in milliseconds
     */
    long drip(String text, long pauseMillis) throws InterruptedException, ExecutionException {
        long begun = System.nanoTime();
        CompletableFuture<Long> closed = CompletableFuture.supplyAsync(() -> {
            String _ = untilClosed();
            return System.nanoTime();
        });
        for (int i = 0; i < text.length() && !closed.isDone(); i++) {
            try {
                say(text.substring(i, i + 1));
                long _ = closed.get(pauseMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It is open still.
            } catch (IOException e) {
                break;
            }
        }
        return TimeUnit.NANOSECONDS.toMillis(closed.get() - begun);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
