package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.Application;
import io.atlassmr.runtime.fixture.FilesState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Six parts, of which a change touches one and adds one. */
class DivisibleCheckpointStoreTest extends CheckpointStoreContract {

    @Override
    Application newState() {
        FilesState state = new FilesState();
        for (int i = 0; i < 6; i++) {
            state.put("part-" + i, ("content " + i).getBytes(StandardCharsets.US_ASCII));
        }
        return state;
    }

    @Override
    void change(Application state, int seed) {
        FilesState files = (FilesState) state;
        files.put("part-" + seed % 6, ("changed " + seed).getBytes(StandardCharsets.US_ASCII));
        files.put("added-" + seed, new byte[] {(byte) seed});
    }

    @Override
    byte[] contents(Application state) {
        FilesState files = (FilesState) state;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : files.names()) {
            all.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(files.get(name));
        }
        return all.toByteArray();
    }
}
