package io.atlassmr.kv.store;

import static io.atlassmr.kv.store.StoreFixture.bytes;
import static io.atlassmr.kv.store.StoreFixture.describe;
import static io.atlassmr.kv.store.StoreFixture.fill;
import static io.atlassmr.kv.store.StoreFixture.key;
import static io.atlassmr.kv.store.StoreFixture.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState.Assembly;
import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parts that are put together to an image. */
class PartAssemblyTest extends AssemblyScene {

    @Test
    void partsPutInAnyOrderMakeTheState() throws IOException {
        source.put(key(300), new byte[0]);
        source.put(bytes("large"), new byte[1 << 20]);
        try (Image image = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            List<PartDescriptor> shuffled = new ArrayList<>(image.parts());
            Collections.shuffle(shuffled, new Random(1));
            for (PartDescriptor part : shuffled) {
                assertFalse(assembly.has(part));
                assembly.put(part, image.read(part));
                assertTrue(assembly.has(part));
            }
            assembly.finish(image.parts());
        }
        assertAssembledLikeSource();
    }

    @Test
    void partsThatAreExpectedArePutInTheirPlaceInWhateverOrderTheyCome() throws IOException {
        try (Image image = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            List<PartDescriptor> parts = image.parts();
            List<PartDescriptor> shuffled = new ArrayList<>(parts);
            Collections.shuffle(shuffled, new Random(2));
            for (PartDescriptor part : shuffled.subList(0, 20)) {
                assembly.put(part, image.read(part));
            }
            assembly.expect(parts);
            for (PartDescriptor part : shuffled.subList(20, shuffled.size())) {
                assembly.put(part, image.read(part));
            }
            assembly.finish(parts);
        }
        assertAssembledLikeSource();
        assertEquals(List.of("entries-1", "parts.bin"), filesOf(directory));
    }

    @Test
    void anotherImageThanWasExpectedIsMadeAllTheSame() throws IOException {
        try (Image expected = source.capture(1)) {
            source.put(key(100), bytes("changed"));
            try (Image made = source.capture(2);
                    Assembly assembly = target.assemble(directory)) {
                assembly.expect(expected.parts());
                for (PartDescriptor part : expected.parts()) {
                    assembly.put(part, expected.read(part));
                }
                for (PartDescriptor part : made.parts()) {
                    assembly.put(part, made.read(part));
                }
                assembly.finish(made.parts());
            }
        }
        assertAssembledLikeSource();
    }

    @Test
    void theAssembledImageHasThePartsWithTheirVersions() throws IOException {
        source.capture(1).close();
        source.put(key(100), bytes("changed"));
        try (Image image = source.capture(2)) {
            assemble(image);
            try (Image assembled = target.open(directory)) {
                assertEquals(describe(image.parts()), describe(assembled.parts()));
            }
        }
        target.restore(directory);
        source.put(key(50), bytes("changed"));
        target.put(key(50), bytes("changed"));
        try (Image image = source.capture(3);
                Image restored = target.capture(3)) {
            assertEquals(describe(image.parts()), describe(restored.parts()));
        }
    }

    @Test
    void anEmptyStateIsAssembledToo() throws IOException {
        try (Assembly assembly = target.assemble(directory)) {
            assembly.finish(List.of());
        }
        target.put(key(1), bytes("1"));
        target.restore(directory);
        assertEquals(List.of(), scan(target));
    }

    @Test
    void theTargetMayMoveOnAndWhatIsStillValidIsReused() throws IOException {
        int reused = 0;
        try (Image first = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            for (PartDescriptor part : first.parts()) {
                assembly.put(part, first.read(part));
            }
            fill(source, 50, 60, 2);
            assertTrue(source.delete(key(150)));
            try (Image second = source.capture(2)) {
                for (PartDescriptor part : second.parts()) {
                    if (assembly.has(part)) {
                        reused++;
                    } else {
                        assembly.put(part, second.read(part));
                    }
                }
                assembly.finish(second.parts());
            }
        }
        assertTrue(reused > 60, "reused " + reused);
        assertAssembledLikeSource();
    }

    @Test
    void anAssembledImageServesTheNextAssemblyInItsPlace() throws IOException {
        try (Image first = source.capture(1)) {
            assemble(first);
        }
        fill(source, 50, 60, 2);
        try (Image second = source.capture(2);
                Assembly assembly = target.assemble(directory)) {
            int put = 0;
            for (PartDescriptor part : second.parts()) {
                if (!assembly.has(part)) {
                    assembly.put(part, second.read(part));
                    put++;
                }
            }
            assembly.finish(second.parts());
            assertTrue(put < 10, "put " + put);
        }
        assertAssembledLikeSource();
    }

    @Test
    void aPartThatIsMissingIsNotOverlooked() throws IOException {
        try (Image image = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            for (PartDescriptor part : image.parts().subList(1, image.parts().size())) {
                assembly.put(part, image.read(part));
            }
            IOException thrown = assertThrows(IOException.class, () -> assembly.finish(image.parts()));
            assertTrue(thrown.getMessage().endsWith("was not put"), thrown.getMessage());
            PartDescriptor first = image.parts().getFirst();
            assembly.put(first, image.read(first));
            assembly.finish(image.parts());
        }
        assertAssembledLikeSource();
    }

    @Test
    void partsOutOfOrderAreRefused() throws IOException {
        try (Image image = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            for (PartDescriptor part : image.parts()) {
                assembly.put(part, image.read(part));
            }
            assertThrows(IOException.class, () -> assembly.finish(image.parts().reversed()));
        }
        assertThrows(IOException.class, () -> target.open(directory));
    }

    @Test
    void aContentOfAnotherApplicationIsRefused() throws IOException {
        try (Image image = source.capture(1);
                Assembly assembly = target.assemble(directory)) {
            PartDescriptor part = image.parts().getFirst();
            assertThrows(IOException.class, () -> assembly.put(part, new byte[0]));
            assertThrows(IOException.class, () -> assembly.put(part, bytes("something else")));
            PartDescriptor other = image.parts().get(1);
            assertThrows(IOException.class, () -> assembly.put(part, image.read(other)));
            assertFalse(assembly.has(part));
        }
    }

    @Test
    void nothingIsLeftOfThePartsAfterTheFinish() throws IOException {
        try (Image image = source.capture(1)) {
            assemble(image);
        }
        assertEquals(List.of("entries-1", "parts.bin"), filesOf(directory));
    }
}
