package io.atlassmr.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a store's layout, as a line of text beside the database, so that it can be read before a database of an
 * unknown layout is touched.
 */
final class SchemaFile {

    /** The version this code writes, and the only one it reads. */
    static final int VERSION = 1;

    static final String FILE = "SCHEMA";

    private static final Pattern CONTENT = Pattern.compile("atlas-store (\\d{1,9})\n");
    private static final int MAX_BYTES = 64;

    private SchemaFile() {}

    /** Whether {@code directory} has a schema file, which a store gets before anything else. */
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Marks {@code directory} as a store of this version. */
    static void create(Path directory) throws IOException {
        DurableFiles.write(
                directory.resolve(FILE), ("atlas-store " + VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Checks that this code can read the store in {@code directory}.
     *
     * @throws IOException if it cannot; the message says what to do
     */
    static void check(Path directory) throws IOException {
        int version = readVersion(directory.resolve(FILE));
        if (version != VERSION) {
            throw new IOException("the store in " + directory + " has schema version " + version
                    + ", this program reads version " + VERSION + ": "
                    + (version > VERSION
                            ? "run the release that wrote it, or a later one"
                            : "no release has written that version; empty the directory and let the replica join as a"
                                    + " wiped one"));
        }
    }

    private static int readVersion(Path file) throws IOException {
        byte[] content;
        try (var input = Files.newInputStream(file)) {
            content = input.readNBytes(MAX_BYTES);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "the directory " + file.getParent() + " holds a database without a " + FILE
                            + " file, so it is no store of a replica: give the replica an empty directory",
                    e);
        }
        Matcher matcher = CONTENT.matcher(new String(content, StandardCharsets.US_ASCII));
        if (!matcher.matches()) {
            throw new DamagedStoreException(file.getParent(), "its " + FILE + " file is garbled", null);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
