package io.atlassmr.typed;

import io.atlassmr.api.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads tables of a view. */
record Tables(ReadView view, Codec codec) implements Reader {

    @Override
    public int schemaVersion() {
        return Schema.versionOf(view);
    }

    @Override
    public <V> Optional<V> read(Table<V> table, String key) {
        return Optional.ofNullable(view.read(table.key(key))).map(bytes -> codec.decode(bytes, table.type()));
    }

    @Override
    public <V> void scan(Table<V> table, String fromKey, Predicate<Row<V>> visitor) {
        view.scan(
                table.key(fromKey),
                table.end(),
                (key, value) -> visitor.test(new Row<>(table.text(key), codec.decode(value, table.type()))));
    }

    @Override
    public <V> List<Row<V>> scan(Table<V> table, String fromKey, int limitRows) {
        List<Row<V>> rows = new ArrayList<>();
        if (limitRows > 0) {
            scan(table, fromKey, row -> {
                rows.add(row);
                return rows.size() < limitRows;
            });
        }
        return rows;
    }
}
