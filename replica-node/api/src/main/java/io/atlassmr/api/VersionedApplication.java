package io.atlassmr.api;

/**
 * An application whose state changes its form from one release to another. The form has a number, its schema version, which is part
 * of the state and so of every checkpoint. A replica whose program does not know the version of a state refuses to start on it,
 * or to take it over.
 *
 * <p>Replicas get a new program one after the other, so a new program goes on with the old form until an ordered operation changes
 * it, at the same place everywhere.
 */
public interface VersionedApplication extends Application {

    /** The schema version of the state as it stands, from 1. On the execution thread. */
    int schemaVersion();

    /** The highest schema version that this program knows. */
    int newestSchemaVersion();
}
