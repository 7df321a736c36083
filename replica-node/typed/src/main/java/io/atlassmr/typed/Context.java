package io.atlassmr.typed;

import io.atlassmr.api.ClientId;

/**
 * What an ordered operation may use besides its request: what all replicas agree on about it, and the state's tables. Its
 * changes take effect together when it returns, and not at all when it throws.
 */
public interface Context extends Reader {

    /** Position of the operation's batch in the total order, from 1. */
    long sequenceNumber();

    /** Position of the operation among those of its batch, from 0. */
    int indexInBatch();

    /** The agreed time in milliseconds since the Unix epoch; never decreases. The only clock that there is. */
    long agreedTimeMillis();

    /** Who signed the request. */
    ClientId clientId();

    /** Adds a row; returns false, and changes nothing, if there is one with this key. */
    <V> boolean create(Table<V> table, String key, V value);

    /** Changes a row; returns false, and changes nothing, if there is none with this key. */
    <V> boolean update(Table<V> table, String key, V value);

    /** Puts a value under a key, whether there was one or not, without looking. */
    <V> void put(Table<V> table, String key, V value);

    /** Removes a row; returns whether there was one. */
    boolean delete(Table<?> table, String key);
}
