package io.atlassmr.runtime.checkpoint;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.checkpoint.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Descriptions of parts that are here: those of the newest own checkpoint, and those of the last one that was gathered, whether or
 * not its parts came. They are hints only: what is made of them is compared with a certificate. One thread.
 */
final class KnownParts {

    private final Map<Long, Part> byName = new HashMap<>();

    /** Those of the gathered one are in {@code directory}, if they are. */
    static KnownParts of(CheckpointReader own, Path directory) {
        KnownParts known = new KnownParts();
        if (own != null) {
            known.add(own.manifest().parts());
        }
        if (upTo(directory) > 0) {
            try (StoredCheckpoint gathered = StoredCheckpoint.open(directory, null)) {
                known.add(gathered.manifest().parts());
            } catch (IOException e) {
                // Then fewer are known.
                return known;
            }
        }
        return known;
    }

    private void add(List<Part> parts) {
        parts.forEach(part -> byName.put(CompactPage.nameOf(part), part));
    }

    /** The checkpoint whose manifest is in this directory, 0 if none is. */
    static long upTo(Path directory) {
        try {
            CheckpointHeader header = StoredCheckpoint.readHeader(directory);
            return header.sequenceNumber();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The part of this name, null if it is not known. */
    Part named(long name) {
        return byName.get(name);
    }
}
