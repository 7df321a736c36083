package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;

/** One execution of an ordered operation. */
record OrderedCall(OrderedContext ordered, CrudView view, Codec codec, Tables tables)
        implements Context, ThroughTables {

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
