package io.atlassmr.api;

/**
 * An application that can be read while it executes: unordered requests are answered on a snapshot by threads of their own,
 * beside the execution thread.
 */
public interface SnapshotApplication extends Application {

    /**
     * The state as it is now, whatever becomes of it later. Called on the execution thread, between batches, after each, so it
     * must return within microseconds.
     *
     * @return closed by the caller; several may be open at once
     */
    Snapshot snapshot();

    /** A state that does not change. Any number of threads. */
    interface Snapshot extends AutoCloseable {

        /** Answers a read-only operation on this state; as {@link Application#executeUnordered} does. */
        byte[] executeUnordered(byte[] operation, UnorderedContext context);

        /** Lets go of the state; nobody is reading. */
        @Override
        void close();
    }
}
