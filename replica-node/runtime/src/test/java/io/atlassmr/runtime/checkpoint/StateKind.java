package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.Application;
import io.atlassmr.runtime.fixture.FilesState;
import io.atlassmr.runtime.fixture.StreamState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A kind of state, of several parts. */
enum StateKind {
    /** A stream of three parts and a bit; a change is in its last two. */
    MONOLITHIC {
        @Override
        Application newState() {
            StreamState state = new StreamState();
            byte[] bytes = new byte[STREAM_BYTES];
            new Random(1).nextBytes(bytes);
            state.become(bytes);
            return state;
        }

        @Override
        void change(Application state, int seed) {
            byte[] bytes = ((StreamState) state).bytes().clone();
            bytes[2 * PartFile.PART_BYTES + seed] ^= 1;
            bytes[bytes.length - 1] ^= (byte) seed;
            ((StreamState) state).become(bytes);
        }

        @Override
        byte[] contents(Application state) {
            return ((StreamState) state).bytes();
        }
    },

    /** Six parts, of which a change touches one and adds one. */
    DIVISIBLE {
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
    };

    private static final int STREAM_BYTES = 3 * PartFile.PART_BYTES + 17;

    /** A state of several parts. */
    abstract Application newState();

    /** Changes a little of it. */
    abstract void change(Application state, int seed);

    /** All of it, to be compared. */
    abstract byte[] contents(Application state);
}
