package io.atlassmr.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A state that moves in parts, so that a replica that holds most of it already fetches the rest only, from several others at
 * once. Parts are a function of the state and of the checkpoints taken, the same at every replica.
 */
public non-sealed interface DivisibleState extends ReplicatedState {

    /** Most bytes of a part's id. */
    int MAX_PART_ID_BYTES = 1024;

    /** Most bytes of a part's content. */
    int MAX_PART_BYTES = 8 << 20;

    /**
     * Captures the state as it is now; later operations do not show in the image. Called on the execution thread, between
     * operations, so it must return within milliseconds whatever the size.
     *
     * @param sequenceNumber of the checkpoint; becomes the version of parts that changed since the one before
     * @return closed by the caller; several may be open at once
     */
    Image capture(long sequenceNumber);

    /**
     * Opens an image that {@link Image#saveTo} or {@link Assembly#finish} left in this directory. Any thread.
     *
     * @throws IOException if there is none, or it cannot be read
     */
    Image open(Path directory) throws IOException;

    /**
     * Replaces the whole state by the image in this directory, which stays as it is. Called on the execution thread; its cost
     * should not grow with the size (hard links).
     *
     * @throws IOException if there is none, or it cannot be read; the state is then the one before the call
     */
    void restore(Path directory) throws IOException;

    /**
     * Begins, or goes on after a crash, to put an image together in this directory. Any thread.
     *
     * @throws IOException if the directory cannot be used
     */
    Assembly assemble(Path directory) throws IOException;

    /**
     * One part of a state.
     *
     * @param id names the part within its state, at most {@value #MAX_PART_ID_BYTES} bytes; not to be changed
     * @param version sequence number of the checkpoint at which its content last changed
     * @param digest SHA-256 of its content, 32 bytes; not to be changed
     * @param sizeBytes length of its content, 0 to {@value #MAX_PART_BYTES}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record PartDescriptor(byte[] id, long version, byte[] digest, int sizeBytes) {}

    /** The state at one moment. Any thread, one at a time. */
    interface Image extends AutoCloseable {

        /**
         * The parts in their order. May compute digests of parts that changed; unchanged parts must cost next to nothing.
         *
         * @throws IOException if the state cannot be read
         */
        List<PartDescriptor> parts() throws IOException;

        /**
         * The content of a part, which is enough to make the part again, checked against the descriptor's digest.
         *
         * @throws IOException if the state cannot be read, or has no such part, or another content in its place
         */
        byte[] read(PartDescriptor part) throws IOException;

        /**
         * Leaves the image in this directory, which is made, so that it survives a restart. Should not copy (hard links).
         *
         * @throws IOException if it cannot be written
         */
        void saveTo(Path directory) throws IOException;

        /** Lets go of the captured state. Idempotent. */
        @Override
        void close();
    }

    /** An image in the making. One thread at a time; what was put survives a crash once {@link #sync} has returned. */
    interface Assembly extends AutoCloseable {

        /**
         * Tells which parts the image will be of, in their order, so that what is put can be put in its place at once: each call
         * tells those that follow the ones told before. It may become another image in the end: {@link #finish} decides.
         *
         * @throws IOException if what was put before cannot be used
         */
        default void expect(List<PartDescriptor> parts) throws IOException {}

        /** Whether this part was put already, by its digest. */
        boolean has(PartDescriptor part) throws IOException;

        /**
         * Adds a part.
         *
         * @param content matches the descriptor's digest and size; the caller has checked
         * @throws IOException if the content is not one of this application, or cannot be written
         */
        void put(PartDescriptor part, byte[] content) throws IOException;

        /** Makes what was put survive a crash. */
        void sync() throws IOException;

        /**
         * Makes the image of exactly these parts, each of which was put; parts put beside them are forgotten.
         *
         * @throws IOException if it cannot be written
         */
        void finish(List<PartDescriptor> parts) throws IOException;

        /** Lets go; what was synced stays in the directory. Idempotent. */
        @Override
        void close();
    }
}
