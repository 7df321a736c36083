package io.atlassmr.simulation.storage;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The file system of one machine, with its checkpoints. What is written survives every crash, but for what is only being
 * gathered: a power failure cuts those files anywhere.
 */
public final class SimulatedFiles {

    private static final int BLOCK_BYTES = 4096;
    private static final long CAPACITY_BYTES = 4L << 20;
    private static final String CHECKPOINTS = "/checkpoints";
    private static final String BALLAST = "/ballast";

    private FileSystem files = empty();
    private boolean wasFull;

    private static FileSystem empty() {
        return Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setBlockSize(BLOCK_BYTES)
                .setMaxSize(CAPACITY_BYTES)
                .setMaxCacheSize(0)
                .build());
    }

    /** Where checkpoints are. */
    public Path checkpoints() {
        return files.getPath(CHECKPOINTS);
    }

    /** Takes all room that is left, or gives it back. */
    public void setFull(boolean full) {
        Path ballast = files.getPath(BALLAST);
        if (!full) {
            guarded(() -> Files.deleteIfExists(ballast));
        } else if (!Files.exists(ballast)) {
            wasFull = true;
            guarded(() -> {
                try (OutputStream output = Files.newOutputStream(ballast)) {
                    fill(output);
                }
                return ballast;
            });
        }
    }

    private static void fill(OutputStream output) {
        byte[] block = new byte[BLOCK_BYTES];
        try {
            while (true) {
                output.write(block);
            }
        } catch (IOException e) {
            // That was all the room.
        }
    }

    /** Whether there ever was no room. */
    public boolean wasFull() {
        return wasFull;
    }

    /** Loses everything. */
    public void wipe() {
        files = empty();
    }

    /** Cuts what a transfer has gathered so far. */
    public void failPower(SplittableRandom random) {
        guarded(() -> {
            for (Path file : filesBelow(files.getPath(CHECKPOINTS, "transfer"))) {
                if (random.nextInt(3) == 0) {
                    try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                        channel.truncate(random.nextLong(channel.size() + 1));
                    }
                }
            }
            return files;
        });
    }

    /** Changes one byte of the newest checkpoint; false if there is none. */
    public boolean damageNewest(SplittableRandom random) {
        return guarded(() -> {
            List<Path> damageable = new ArrayList<>();
            for (Path file : filesBelow(newest())) {
                if (Files.size(file) > 0) {
                    damageable.add(file);
                }
            }
            if (damageable.isEmpty()) {
                return false;
            }
            Path file = damageable.get(random.nextInt(damageable.size()));
            byte[] content = Files.readAllBytes(file);
            content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, content);
            return true;
        });
    }

    private Path newest() throws IOException {
        Path newest = files.getPath(CHECKPOINTS, "none");
        if (!Files.exists(checkpoints())) {
            return newest;
        }
        List<Path> numbered = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(checkpoints(), "[0-9]*")) {
            entries.forEach(numbered::add);
        }
        return numbered.stream().max(Comparator.naturalOrder()).orElse(newest);
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T guarded(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException("the file system in memory fails", e);
        }
    }
}
