package io.atlassmr.server.config;

import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The files of a replica's keys: the one in use, and beside it, with {@code .next} and {@code .previous} at the end of its name, the
 * one that it wants to change to and the one that it changed from. Private keys are made here and never leave.
 *
 * @param file of the key in use
 */
public record IdentityFiles(Path file) {

    private Path next() {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    private Path previous() {
        return file.resolveSibling(file.getFileName() + ".previous");
    }

    /**
     * All keys, the one in use first.
     *
     * @throws IOException if a file cannot be read
     */
    List<Ed25519Identity> load() throws IOException {
        List<Ed25519Identity> keys = new ArrayList<>();
        keys.add(Ed25519Identity.load(file));
        for (Path other : List.of(next(), previous())) {
            if (Files.exists(other)) {
                keys.add(Ed25519Identity.load(other));
            }
        }
        return keys;
    }

    /**
     * The key to change to: made and durable on return, or the one that an earlier attempt left.
     *
     * @throws IOException if it cannot be written or read
     */
    public Ed25519Identity makeNext() throws IOException {
        if (!Files.exists(next())) {
            Ed25519Identity.generate().store(next());
        }
        return Ed25519Identity.load(next());
    }

    /**
     * This key is in use. If it was the next one, the one before is kept: a replica that restarts may find itself in the epoch before.
     *
     * @throws IOException if the files cannot be renamed; they are read all the same
     */
    public boolean changed(byte[] publicKey) throws IOException {
        boolean isNext = Files.exists(next())
                && Arrays.equals(Ed25519Identity.load(next()).publicKey(), publicKey);
        if (isNext) {
            Files.copy(file, previous(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(next(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return isNext;
    }
}
