package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.bytes;
import static io.atlassmr.kv.store.StoreFixture.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState.Assembly;
import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Parts that are put together again after a crash, or where what was put together is damaged. */
class DamagedAssemblyTest extends AssemblyScene {

    private static final int DAMAGES = 16;

    @Test
    void whatWasSyncedNeedNotBePutAgainAfterACrash() throws IOException {
        try (Image image = source.capture(1)) {
            List<PartDescriptor> parts = image.parts();
            try (Assembly assembly = target.assemble(directory)) {
                for (PartDescriptor part : parts.subList(0, 30)) {
                    assembly.put(part, image.read(part));
                }
                assembly.sync();
            }
            assertThrows(IOException.class, () -> target.open(directory));
            int putAgain = 0;
            try (Assembly assembly = target.assemble(directory)) {
                for (PartDescriptor part : parts) {
                    if (!assembly.has(part)) {
                        assembly.put(part, image.read(part));
                        putAgain++;
                    }
                }
                assembly.finish(parts);
            }
            assertEquals(parts.size() - 30, putAgain);
        }
        assertAssembledLikeSource();
    }

    @Test
    void whatACrashTookIsPutAgain() throws IOException {
        try (Image image = source.capture(1)) {
            List<PartDescriptor> parts = image.parts();
            try (Assembly assembly = target.assemble(directory)) {
                for (PartDescriptor part : parts) {
                    assembly.put(part, image.read(part));
                }
                assembly.sync();
            }
            Path staged = directory.resolve("staged.bin");
            byte[] content = Files.readAllBytes(staged);
            Files.write(staged, Arrays.copyOf(content, content.length / 2));
            try (Assembly assembly = target.assemble(directory)) {
                assertTrue(assembly.has(parts.getFirst()));
                assertFalse(assembly.has(parts.getLast()));
                for (PartDescriptor part : parts) {
                    assembly.put(part, image.read(part));
                }
                assembly.finish(parts);
            }
        }
        assertAssembledLikeSource();
    }

    @Test
    void whatACrashLeftOfAFinishDoesNotStandInTheWay() throws IOException {
        Files.createDirectories(directory.resolve("scratch"));
        Files.writeString(directory.resolve("scratch").resolve("0.sst"), "half a table");
        Files.createDirectories(directory.resolve("entries-1"));
        Files.writeString(directory.resolve("entries-1").resolve("CURRENT"), "half a database");
        try (Image image = source.capture(1)) {
            assemble(image);
        }
        assertAssembledLikeSource();
    }

    @Test
    void finishingAgainAfterACrashMakesTheSameImage() throws IOException {
        try (Image image = source.capture(1)) {
            assemble(image);
            try (Assembly assembly = target.assemble(directory)) {
                for (PartDescriptor part : image.parts()) {
                    assertTrue(assembly.has(part));
                }
                assembly.finish(image.parts());
            }
        }
        assertAssembledLikeSource();
    }

    @Test
    void aDamagedImageIsAssembledAnew() throws IOException {
        try (Image image = source.capture(1)) {
            assemble(image);
            Files.writeString(directory.resolve("parts.bin"), "rubbish");
            try (Assembly assembly = target.assemble(directory)) {
                assertFalse(assembly.has(image.parts().getFirst()));
            }
            assemble(image);
        }
        assertAssembledLikeSource();
    }

    /** A byte at a time, all through the tables: some damage is seen when the database is opened, some when a part is read. */
    @Test
    void anImageWithADamagedTableHoldsUpOneAttemptAtMost() throws IOException {
        for (int at = 0; at < DAMAGES; at++) {
            directory = temporary.resolve("damaged-" + at).resolve("image");
            try (Image image = source.capture(1)) {
                assemble(image);
                invertAByteOfEachTable(at);
                assembleAtTheSecondAttemptAtLatest(image);
                assertAssembledLikeSource();
            }
        }
    }

    @Test
    void aDamagedTableStandsNotInTheWayOfALaterImage() throws IOException {
        // Few enough that most of a table is about the table itself, without which it does not open.
        for (int number = 3; number < 200; number++) {
            assertTrue(source.delete(key(number)));
        }
        for (int at = 0; at < DAMAGES; at++) {
            directory = temporary.resolve("damaged-" + at).resolve("image");
            try (Image image = source.capture(1)) {
                assemble(image);
            }
            invertAByteOfEachTable(at);
            source.put(key(2), bytes("changed " + at));
            try (Image image = source.capture(2)) {
                assembleAtTheSecondAttemptAtLatest(image);
            }
            assertAssembledLikeSource();
        }
    }

    private void assembleAtTheSecondAttemptAtLatest(Image image) throws IOException {
        try {
            assembleWhatIsMissing(image);
        } catch (IOException e) {
            assembleWhatIsMissing(image);
        }
    }

    private void assembleWhatIsMissing(Image image) throws IOException {
        try (Assembly assembly = target.assemble(directory)) {
            for (PartDescriptor part : image.parts()) {
                if (!assembly.has(part)) {
                    assembly.put(part, image.read(part));
                }
            }
            assembly.finish(image.parts());
        }
    }

    private void invertAByteOfEachTable(int at) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path table :
                    files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                byte[] content = Files.readAllBytes(table);
                content[content.length * at / DAMAGES] ^= (byte) 0xff;
                // A new file: others may be links to the same.
                Files.delete(table);
                Files.write(table, content);
            }
        }
    }
}
