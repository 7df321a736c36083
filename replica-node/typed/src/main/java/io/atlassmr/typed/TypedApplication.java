package io.atlassmr.typed;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.api.VersionedApplication;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An application of operations with records in place of bytes. Each request is a record, whose class names the operation; each
 * operation is a function of the request and the context:
 *
 * <pre>{@code
 * TypedApplication.over(new InMemoryKvState())
 *     .ordered(Transfer.class, this::transfer)     // Balance transfer(Transfer request, Context context)
 *     .unordered(BalanceOf.class, this::balanceOf) // Balance balanceOf(BalanceOf request, ReadContext context)
 *     .build()
 * }</pre>
 *
 * <p>Operations are called by several threads at once and keep nothing outside of the context; see
 * {@link ScalableApplication}. One that throws a {@link RuntimeException} gives an error reply with its class and message, and has
 * changed nothing.
 */
public final class TypedApplication implements ScalableApplication, VersionedApplication, AutoCloseable {

    /** An operation that may change the state. */
    @FunctionalInterface
    public interface OrderedOperation<Q, R> {
        /** Never null. */
        R execute(Q request, Context context);
    }

    /** An operation that only reads the state. */
    @FunctionalInterface
    public interface UnorderedOperation<Q, R> {
        /** Never null. */
        R execute(Q request, ReadContext context);
    }

    private final CrudState entries;
    private final Codec codec;
    private final Operations operations;
    private final Map<Class<?>, OrderedOperation<Object, Object>> ordered;
    private final Map<Class<?>, UnorderedOperation<Object, Object>> unordered;
    private final Schema schema;

    private TypedApplication(Builder builder) {
        this.entries = builder.entries;
        this.codec = builder.codec;
        this.ordered = Map.copyOf(builder.ordered);
        this.unordered = Map.copyOf(builder.unordered);
        Set<Class<?>> types = new HashSet<>(ordered.keySet());
        types.addAll(unordered.keySet());
        types.add(MigrateSchema.class);
        this.schema = new Schema(builder.migrations, builder.administrators);
        this.operations = new Operations(types, codec);
    }

    /**
     * Begins an application.
     *
     * @param entries where its tables live; closed with the application
     */
    public static Builder over(CrudState entries) {
        return new Builder(entries);
    }

    /** Collects operations. */
    public static final class Builder {

        private final CrudState entries;
        private final Map<Class<?>, OrderedOperation<Object, Object>> ordered = new HashMap<>();
        private final Map<Class<?>, UnorderedOperation<Object, Object>> unordered = new HashMap<>();
        private final Map<Integer, Consumer<Context>> migrations = new TreeMap<>();
        private Predicate<ClientId> administrators = _ -> false;
        private Codec codec = new CborCodec();

        private Builder(CrudState entries) {
            this.entries = entries;
        }

        /** Another codec than {@link CborCodec}; clients need the same. */
        public Builder codec(Codec other) {
            codec = other;
            return this;
        }

        /** An operation that may change the state. */
        public <Q> Builder ordered(Class<Q> request, OrderedOperation<Q, ?> operation) {
            requireNew(request);
            ordered.put(request, (value, context) -> operation.execute(request.cast(value), context));
            return this;
        }

        /** An operation that only reads, and may be asked for without being ordered, or as an ordered one. */
        public <Q> Builder unordered(Class<Q> request, UnorderedOperation<Q, ?> operation) {
            requireNew(request);
            unordered.put(request, (value, context) -> operation.execute(request.cast(value), context));
            return this;
        }

        /**
         * How the state gets from one schema version, the one below, to another. A state without a version has version 1. Versions
         * have no gaps. Until it is asked for with a {@link MigrateSchema}, the state stays as it is, and operations have to do with
         * that ({@link Context#schemaVersion}).
         *
         * @param toVersion from 2
         * @param migration changes the tables; deterministic, as any operation
         */
        public Builder migration(int toVersion, Consumer<Context> migration) {
            if (migrations.putIfAbsent(toVersion, migration) != null) {
                throw new IllegalArgumentException("there are two migrations to version " + toVersion);
            }
            return this;
        }

        /** Who may ask for a migration, the same at all replicas; nobody unless told. */
        public Builder administrators(Predicate<ClientId> which) {
            administrators = which;
            return this;
        }

        private void requireNew(Class<?> request) {
            if (ordered.containsKey(request) || unordered.containsKey(request)) {
                throw new IllegalArgumentException("there are two operations for " + request.getName());
            }
        }

        /** The application. */
        public TypedApplication build() {
            return new TypedApplication(this);
        }
    }

    @Override
    public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
        Object request = operations.decode(operation);
        if (request instanceof MigrateSchema migrate) {
            return codec.encode(schema.migrate(migrate, OrderedCall.of(context, view, codec), view));
        }
        OrderedOperation<Object, Object> changes = ordered.get(request.getClass());
        if (changes != null) {
            return codec.encode(changes.execute(request, OrderedCall.of(context, view, codec)));
        }
        UnorderedContext asRead = new UnorderedContext(context.sequenceNumber(), context.clientId());
        return read(request, asRead, view);
    }

    @Override
    public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
        Object request = operations.decode(operation);
        if (request instanceof MigrateSchema || ordered.containsKey(request.getClass())) {
            throw new IllegalArgumentException("a " + request.getClass().getSimpleName()
                    + " may change the state and must be sent as an ordered request");
        }
        return read(request, context, view);
    }

    private byte[] read(Object request, UnorderedContext context, ReadView view) {
        UnorderedOperation<Object, Object> reads = unordered.get(request.getClass());
        return codec.encode(reads.execute(request, new UnorderedCall(context, new Tables(view, codec))));
    }

    @Override
    public int schemaVersion() {
        return Schema.versionOf(entries);
    }

    @Override
    public int newestSchemaVersion() {
        return schema.newest();
    }

    @Override
    public CrudState entries() {
        return entries;
    }

    @Override
    public void close() {
        entries.close();
    }
}
