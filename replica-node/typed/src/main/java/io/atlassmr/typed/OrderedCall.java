package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One execution of an ordered operation. */
record OrderedCall(OrderedContext ordered, CrudView view, Codec codec, Tables tables) implements Context {

    static OrderedCall of(OrderedContext ordered, CrudView view, Codec codec) {
        return new OrderedCall(ordered, view, codec, new Tables(view, codec));
    }

    @Override
    public long sequenceNumber() {
        return ordered.sequenceNumber();
    }

    @Override
    public int indexInBatch() {
        return ordered.indexInBatch();
    }

    @Override
    public long agreedTimeMillis() {
        return ordered.agreedTimeMillis();
    }

    @Override
    public ClientId clientId() {
        return ordered.clientId();
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

    @Override
    public <V> boolean create(Table<V> table, String key, V value) {
        return view.create(table.key(key), codec.encode(value));
    }

    @Override
    public <V> boolean update(Table<V> table, String key, V value) {
        return view.update(table.key(key), codec.encode(value));
    }

    @Override
    public <V> void put(Table<V> table, String key, V value) {
        view.put(table.key(key), codec.encode(value));
    }

    @Override
    public boolean delete(Table<?> table, String key) {
        return view.delete(table.key(key));
    }
}
