package io.atlassmr.typed;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The tables of the state as an operation sees them, for as long as it runs. */
public interface Reader {

    /** A key with its value. */
    record Row<V>(String key, V value) {}

    /** The schema version of the state, from 1. */
    int schemaVersion();

    /** The value under a key. */
    <V> Optional<V> read(Table<V> table, String key);

    /**
     * Visits rows in the order of their keys, from {@code fromKey} on, until the visitor wants no more. Visit no further than
     * needed: what was visited is what a concurrent change conflicts with.
     *
     * @param fromKey the first key visited, if it is there; empty for the first of all
     * @param visitor sees a row; returns whether it wants the next
     */
    <V> void scan(Table<V> table, String fromKey, Predicate<Row<V>> visitor);

    /** The first rows from {@code fromKey} on, at most {@code limitRows}. */
    <V> List<Row<V>> scan(Table<V> table, String fromKey, int limitRows);
}
