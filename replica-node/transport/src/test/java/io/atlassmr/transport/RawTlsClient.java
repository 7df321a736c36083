package io.atlassmr.transport;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.tls.IdentityKeyManager;
import io.atlassmr.transport.tls.IdentityTrustManager;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** A client that sends whatever a test wants, over a blocking socket of the JDK. */
public final class RawTlsClient implements Closeable {

    private final SSLSocket socket;

    private RawTlsClient(SSLSocket socket) {
        this.socket = socket;
    }

    /** Connects and completes its own side of the handshake, which in TLS 1.3 does not mean that the server let it in. */
    static RawTlsClient connect(int port, X509ExtendedKeyManager keys) throws IOException {
        return connect(port, keys, "TLSv1.3");
    }

    static RawTlsClient connect(int port, X509ExtendedKeyManager keys, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) context(keys).getSocketFactory().createSocket("127.0.0.1", port);
        try {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return new RawTlsClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects as an identity that the server lets in, and reads its welcome. */
    static RawTlsClient connectWelcome(int port, Ed25519Identity identity) throws IOException {
        RawTlsClient client = connect(port, new IdentityKeyManager(identity, InstantSource.system(), 3_600_000));
        byte[] welcome = client.readFrame();
        if (!Arrays.equals(welcome, new byte[] {FrameLimits.CONTROL_CLASS, 1})) {
            client.close();
            throw new IOException("not a welcome: " + Arrays.toString(welcome));
        }
        return client;
    }

    private static SSLContext context(X509ExtendedKeyManager keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : new KeyManager[] {keys},
                    new TrustManager[] {new IdentityTrustManager(Admission.ANYONE, InstantSource.system())},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void sendFrame(int frameClass, byte[] payload) throws IOException {
        send(frame(frameClass, payload));
    }

    /** The bytes of a frame: length, class, payload. */
    public static byte[] frame(int frameClass, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .putInt(1 + payload.length)
                .put((byte) frameClass)
                .put(payload)
                .array();
    }

    /** The class and payload of the next frame. */
    byte[] readFrame() throws IOException {
        byte[] length = socket.getInputStream().readNBytes(4);
        if (length.length < 4) {
            throw new EOFException("the server closed the connection");
        }
        return socket.getInputStream().readNBytes(ByteBuffer.wrap(length).getInt());
    }

    /** Reads until the server ends the connection, whichever way. */
    void awaitEnd() {
        try {
            while (socket.getInputStream().read() >= 0) {
                // Pings and what was queued before the end.
            }
        } catch (IOException _) {
            // A reset or an alert is an end too.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
