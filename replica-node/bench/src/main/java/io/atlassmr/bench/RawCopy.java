package io.atlassmr.bench;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Copies a file over one TLS 1.3 connection on this machine, from file to file, mutually authenticated as replicas are: what
 * the transfer of a state is compared with. It checks nothing and chooses nothing, so no transfer can be much faster.
 */
public final class RawCopy {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CONNECTIONS_WAITING = 1;

    private RawCopy() {}

    /**
     * Writes so many bytes that cannot be compressed to a file, durably.
     *
     * @throws IOException if it cannot be written
     */
    public static void fill(Path file, long sizeBytes) throws IOException {
        SplittableRandom random = new SplittableRandom(sizeBytes);
        byte[] bytes = new byte[BUFFER_BYTES];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long left = sizeBytes; left > 0; left -= BUFFER_BYTES) {
                random.nextBytes(bytes);
                write(channel, ByteBuffer.wrap(bytes, 0, (int) Math.min(left, BUFFER_BYTES)));
            }
            channel.force(true);
        }
    }

    /**
     * Copies {@code source} to {@code target}, which is overwritten and made durable.
     *
     * @return how long that took, the handshake included
     * @throws IOException if it fails
     */
    public static Duration run(Path source, Path target) throws IOException {
        SSLContext context = IdentityTls.context(Ed25519Identity.generate(), Admission.ANYONE);
        try (SSLServerSocket listening = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(0, CONNECTIONS_WAITING, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(true);
            long beginNanos = System.nanoTime();
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.ofPlatform().name("raw-copy").start(() -> {
                try {
                    send(listening, source);
                    sent.complete(null);
                } catch (IOException | RuntimeException e) {
                    sent.completeExceptionally(e);
                }
            });
            receive(context, listening.getLocalPort(), target);
            Duration taken = Duration.ofNanos(System.nanoTime() - beginNanos);
            await(sent, sender);
            if (Files.size(target) != Files.size(source)) {
                throw new IOException("copied " + Files.size(target) + " bytes of " + Files.size(source));
            }
            return taken;
        }
    }

    private static void send(SSLServerSocket listening, Path source) throws IOException {
        try (SSLSocket socket = (SSLSocket) listening.accept();
                OutputStream output = socket.getOutputStream();
                InputStream input = Files.newInputStream(source)) {
            byte[] bytes = new byte[BUFFER_BYTES];
            for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
                output.write(bytes, 0, read);
            }
        }
    }

    private static void receive(SSLContext context, int port, Path target) throws IOException {
        try (SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
                InputStream input = socket.getInputStream();
                FileChannel channel = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            byte[] bytes = new byte[BUFFER_BYTES];
            for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
                write(channel, ByteBuffer.wrap(bytes, 0, read));
            }
            channel.force(true);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int _ = channel.write(bytes);
        }
    }

    private static void await(CompletableFuture<Void> sent, Thread sender) throws IOException {
        try {
            sender.join();
            sent.join();
        } catch (CompletionException e) {
            throw new IOException("cannot send: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
