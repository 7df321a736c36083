package io.atlassmr.simulation.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.kv.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartedKvStateTest {

    @TempDir
    private Path directory;

    private final PartedKvState state = new PartedKvState();

    private static Bytes bytes(String text) {
        return Bytes.ofUtf8(text);
    }

    private void fill() {
        for (int i = 0; i < 100; i++) {
            state.put(bytes("k" + i), bytes("v" + i));
        }
    }

    @Test
    void partsThatDidNotChangeKeepTheirVersionAndDigest() throws IOException {
        fill();
        List<PartDescriptor> before = state.capture(16).parts();

        state.put(bytes("k1"), bytes("other"));
        List<PartDescriptor> after = state.capture(32).parts();

        int changed = 0;
        for (int i = 0; i < PartedKvState.PARTS; i++) {
            boolean same = before.get(i).version() == after.get(i).version();
            changed += same ? 0 : 1;
            assertEquals(
                    same, Arrays.equals(before.get(i).digest(), after.get(i).digest()));
        }
        assertEquals(1, changed);
    }

    @Test
    void anImageShowsNothingOfWhatCameAfterIt() throws IOException {
        fill();
        DivisibleState.Image image = state.capture(16);
        PartDescriptor part = image.parts().getFirst();
        byte[] content = image.read(part);

        fill();
        state.delete(bytes("k1"));

        assertArrayEquals(content, image.read(part));
    }

    @Test
    void aStateThatIsPutTogetherFromItsPartsIsTheSame() throws IOException {
        fill();
        DivisibleState.Image image = state.capture(16);
        PartedKvState other = new PartedKvState();
        other.put(bytes("only here"), bytes("x"));
        try (DivisibleState.Assembly assembly = other.assemble(directory)) {
            for (PartDescriptor part : image.parts()) {
                assertFalse(assembly.has(part));
                assembly.put(part, image.read(part));
                assertTrue(assembly.has(part));
            }
            assembly.finish(image.parts());
        }

        other.restore(directory);

        assertEquals(Optional.of(bytes("v7")), other.get(bytes("k7")));
        assertEquals(Optional.empty(), other.get(bytes("only here")));
        assertEquals(16, other.capture(32).parts().getFirst().version());
    }

    @Test
    void aDamagedIndexIsNotOpened() throws IOException {
        fill();
        state.capture(16).saveTo(directory);
        byte[] index = Files.readAllBytes(directory.resolve("index"));
        index[20] ^= 1;
        Files.write(directory.resolve("index"), index);

        assertThrows(IOException.class, () -> state.open(directory));
    }

    @Test
    void aPartThatWasCutIsNotThere() throws IOException {
        fill();
        DivisibleState.Image image = state.capture(16);
        PartDescriptor part = image.parts().getFirst();
        try (DivisibleState.Assembly assembly = state.assemble(directory)) {
            assembly.put(part, image.read(part));
            Files.write(PartFiles.file(directory, part), new byte[] {1});

            assertFalse(assembly.has(part));
        }
    }
}
