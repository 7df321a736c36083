package io.atlassmr.typed;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what the tables hold. */
interface ThroughTables extends Reader {

    Tables tables();

    @Override
    default int schemaVersion() {
        return tables().schemaVersion();
    }

    @Override
    default <V> Optional<V> read(Table<V> table, String key) {
        return tables().read(table, key);
    }

    @Override
    default <V> void scan(Table<V> table, String fromKey, Predicate<Row<V>> visitor) {
        tables().scan(table, fromKey, visitor);
    }

    @Override
    default <V> List<Row<V>> scan(Table<V> table, String fromKey, int limitRows) {
        return tables().scan(table, fromKey, limitRows);
    }
}
