package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.UnorderedContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One execution of an unordered operation. */
record UnorderedCall(UnorderedContext unordered, Tables tables) implements ReadContext {

    @Override
    public long version() {
        return unordered.version();
    }

    @Override
    public ClientId clientId() {
        return unordered.clientId();
    }

    @Override
    public int schemaVersion() {
        return tables.schemaVersion();
    }

    @Override
    public <V> Optional<V> read(Table<V> table, String key) {
        return tables.read(table, key);
    }

    @Override
    public <V> void scan(Table<V> table, String fromKey, Predicate<Row<V>> visitor) {
        tables.scan(table, fromKey, visitor);
    }

    @Override
    public <V> List<Row<V>> scan(Table<V> table, String fromKey, int limitRows) {
        return tables.scan(table, fromKey, limitRows);
    }
}
