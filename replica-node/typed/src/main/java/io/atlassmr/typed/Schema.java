package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.ReadView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The schema version of a state, and the way from one to the next. The version is an entry beside the tables, whose keys never
 * begin with a zero byte; without it, the version is 1.
 */
record Schema(Map<Integer, Consumer<Context>> migrations, Predicate<ClientId> administrators) {

    private static final byte[] KEY = "\0schema".getBytes(StandardCharsets.UTF_8);
    private static final int FIRST = 1;

    Schema {
        migrations = new TreeMap<>(migrations);
        int expected = FIRST + 1;
        for (int version : migrations.keySet()) {
            if (version != expected++) {
                throw new IllegalArgumentException(
                        "migrations lead to versions 2, 3 and so on without a gap, got " + migrations.keySet());
            }
        }
    }

    static int versionOf(ReadView view) {
        byte[] version = view.read(KEY);
        return version == null ? FIRST : ByteBuffer.wrap(version).getInt();
    }

    int newest() {
        return FIRST + migrations.size();
    }

    /** On the state that all operations before it left. */
    SchemaVersion migrate(MigrateSchema request, OrderedCall context, CrudView view) {
        if (!administrators.test(context.clientId())) {
            throw new IllegalStateException(
                    "client " + context.clientId() + " may not migrate the state: it is no administrator of it");
        }
        int version = versionOf(view);
        if (request.version() <= version) {
            return new SchemaVersion(version);
        }
        if (request.version() > version + 1) {
            // Every replica stops that does not know the version, so a slip must not stop all of them for good.
            throw new IllegalArgumentException("the state has schema version " + version
                    + " and moves by one at a time, not to " + request.version());
        }
        if (request.version() > newest()) {
            throw new SchemaTooNewError(request.version(), newest(), context.sequenceNumber());
        }
        migrations.get(request.version()).accept(context);
        view.put(
                KEY,
                ByteBuffer.allocate(Integer.BYTES).putInt(request.version()).array());
        return new SchemaVersion(request.version());
    }
}
