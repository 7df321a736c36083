package io.atlassmr.protocol.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page of a hundred parts, of which every tenth changed at 200 and the others at 100. */
class CompactPageTest {

    private static Part part(int number, long version) {
        byte[] id = ByteBuffer.allocate(16).putInt(number).array();
        byte[] content = ByteBuffer.allocate(12).putInt(number).putLong(version).array();
        return new Part(Part.Kind.APPLICATION, id, version, Sha256.of(content), 2500);
    }

    private static Manifest manifest(long versionOfSome) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            parts.add(part(i, i % 10 == 0 ? versionOfSome : 100));
        }
        return new Manifest(parts);
    }

    private final Manifest old = manifest(100);
    private final Manifest changed = manifest(200);
    private final Map<Long, Part> known = new HashMap<>();

    CompactPageTest() {
        old.parts().forEach(part -> known.put(CompactPage.nameOf(part), part));
    }

    private static CompactPage sent(CompactPage page) throws MalformedMessageException {
        return CheckpointCodec.decode(CheckpointCodec.encode(page));
    }

    @Test
    void whoHasTheOlderManifestMakesThePage() throws MalformedMessageException {
        CompactPage page = sent(CompactPage.of(changed.partsOf(0), 100));
        assertArrayEquals(changed.page(0), page.resolve(known::get));
        assertEquals(10, page.changed().size());
    }

    @Test
    void itTakesLittleMoreThanWhatChanged() {
        int sizeBytes =
                CheckpointCodec.encode(CompactPage.of(changed.partsOf(0), 100)).getSerializedSize();
        assertTrue(sizeBytes < changed.page(0).length / 5, sizeBytes + " of " + changed.page(0).length);
    }

    @Test
    void whereNothingChangedNothingIsDescribed() throws MalformedMessageException {
        CompactPage page = sent(CompactPage.of(old.partsOf(0), 100));
        assertEquals(List.of(), page.changed());
        assertArrayEquals(old.page(0), page.resolve(known::get));
    }

    @Test
    void whereEverythingChangedNothingIsNamed() throws MalformedMessageException {
        CompactPage page = sent(CompactPage.of(changed.partsOf(0), 50));
        assertEquals(0, page.known().length);
        assertArrayEquals(changed.page(0), page.resolve(_ -> null));
    }

    @Test
    void aPartThatIsNotKnownLeadsToNothing() {
        CompactPage page = CompactPage.of(changed.partsOf(0), 100);
        known.remove(CompactPage.nameOf(old.parts().get(77)));
        assertNull(page.resolve(known::get));
    }

    @Test
    void placesThatDoNotFitLeadToNothingOrAnotherPage() {
        Part one = changed.parts().getFirst();
        byte[] none = {};
        assertNull(new CompactPage(none, List.of(1), List.of(one)).resolve(known::get));
        assertNull(new CompactPage(none, List.of(-1), List.of(one)).resolve(known::get));
        assertNull(new CompactPage(none, List.of(0, 0), List.of(one, one)).resolve(known::get));
    }

    @Test
    void whatIsOutOfBoundsIsMalformed() {
        assertThrows(MalformedMessageException.class, () -> sent(new CompactPage(new byte[5], List.of(), List.of())));
        assertThrows(MalformedMessageException.class, () -> sent(new CompactPage(new byte[6], List.of(0), List.of())));
        assertThrows(
                MalformedMessageException.class,
                () -> sent(new CompactPage(
                        new byte[CompactPage.NAME_BYTES * (Manifest.PARTS_PER_PAGE + 1)], List.of(), List.of())));
    }
}
