package io.atlassmr.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A state that moves as one stream. Fits states of up to some hundred megabytes; larger ones are better {@link DivisibleState}. */
public non-sealed interface MonolithicState extends ReplicatedState {

    /**
     * Captures the state as it is now; later operations do not show in the image. Called on the execution thread, between
     * operations, so it must return within milliseconds whatever the size: share structure and copy on write.
     *
     * @return closed by the caller; several may be open at once
     */
    Image capture();

    /**
     * Replaces the whole state by one that an image wrote. Called on the execution thread.
     *
     * @param input the bytes, verified; the caller closes it
     * @throws IOException if the bytes are not an image of this application or cannot be read; the state is then the one
     *     before the call
     */
    void restore(InputStream input) throws IOException;

    /** The state at one moment. */
    interface Image extends AutoCloseable {

        /**
         * Writes the state, deterministically: replicas with equal states write equal bytes. Called at most once, on a thread
         * of its own while operations go on.
         *
         * @param output where the bytes go; the caller closes it
         * @throws IOException if {@code output} does
         */
        void writeTo(OutputStream output) throws IOException;

        /** Lets go of the captured state. Idempotent. */
        @Override
        void close();
    }
}
