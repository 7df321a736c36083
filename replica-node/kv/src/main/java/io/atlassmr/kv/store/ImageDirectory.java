package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.PartsFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

/**
 * A directory with an image: {@value #PARTS} names the parts and the directory {@code entries-N} with the database they
 * are of. It appears, or takes another's place, whole or not at all, because {@value #PARTS} does. May be moved while
 * nobody has it open.
 */
final class ImageDirectory {

    private static final String PARTS = "parts.bin";
    private static final String NEW_PARTS = "parts.new";
    private static final String SCRATCH = "scratch";
    private static final String ENTRIES = "entries-";
    private static final Pattern ENTRIES_NAME = Pattern.compile(ENTRIES + "\\d{1,9}");

    private final Path directory;

    ImageDirectory(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Whether there is an image. */
    boolean isPresent() {
        return Files.exists(directory.resolve(PARTS));
    }

    /**
     * The directory with the image's database.
     *
     * @throws IOException if there is no image, or it is damaged
     */
    Path entries() throws IOException {
        try {
            String name = PartsFile.readEntriesName(directory.resolve(PARTS));
            if (!ENTRIES_NAME.matcher(name).matches()) {
                throw new IOException(directory.resolve(PARTS) + " is damaged: it names the entries " + name);
            }
            return directory.resolve(name);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no key-value image in " + directory, e);
        }
    }

    /**
     * The image's parts.
     *
     * @throws IOException if there is no image, or it is damaged
     */
    PartList parts() throws IOException {
        return PartsFile.readParts(directory.resolve(PARTS));
    }

    /** Makes the directory if it is missing. */
    void create() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            DurableFiles.sync(directory.toAbsolutePath().getParent());
        }
    }

    /** Makes the directory if it is missing, and returns where another image's database may be made. */
    Path prepare() throws IOException {
        create();
        String published = publishedName();
        deleteEntriesBut(published);
        int number = published.isEmpty() ? 0 : Integer.parseInt(published.substring(ENTRIES.length()));
        return directory.resolve(ENTRIES + (number + 1));
    }

    /** Name of the image's database, empty if there is none; a damaged image, about to be replaced, is none. */
    private String publishedName() throws IOException {
        if (!isPresent()) {
            return "";
        }
        try {
            return entries().getFileName().toString();
        } catch (IOException e) {
            discard();
            return "";
        }
    }

    /** Makes the image, which is no use, be there no more. */
    void discard() throws IOException {
        Files.deleteIfExists(directory.resolve(PARTS));
    }

    /** Where files may be kept for a while; empty or not there. */
    Path scratch() throws IOException {
        Path scratch = directory.resolve(SCRATCH);
        deleteDirectory(scratch);
        return scratch;
    }

    /** Makes the database in {@code entries}, which is durable, and these parts of it the image. */
    void publish(Path entries, PartList parts) throws IOException {
        Path file = directory.resolve(NEW_PARTS);
        String name = entries.getFileName().toString();
        PartsFile.write(file, name, parts);
        DurableFiles.sync(file);
        DurableFiles.sync(directory);
        Files.move(file, directory.resolve(PARTS), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.sync(directory);
        deleteEntriesBut(name);
    }

    private void deleteEntriesBut(String kept) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, ENTRIES + "*")) {
            for (Path each : found) {
                if (!each.getFileName().toString().equals(kept)) {
                    deleteDirectory(each);
                }
            }
        }
    }

    /** Deletes a directory of files; nothing if it is not there. */
    static void deleteDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
