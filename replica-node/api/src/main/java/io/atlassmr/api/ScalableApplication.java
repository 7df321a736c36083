package io.atlassmr.api;

/**
 * An application whose whole state is entries of a {@link CrudState} that it reaches through the view it is given. So a
 * replica sees what each operation read and wrote, and can execute the operations of a batch at once, on several threads:
 * each on the entries as some of those before it left them, and again, in order, if one of the others then changed what it had
 * read. Results, replies and state are those of executing one after the other.
 *
 * <p>The methods that are given a view are called by several threads at once. They must keep nothing outside of the view, and
 * must come to an end on any entries that a prefix of the order can leave: an operation may run early, on entries that lack what
 * operations just before it did; what it then gives is thrown away.
 *
 * <p>Errors: a {@link RuntimeException} becomes an error reply, and the operation has changed nothing; an {@link Error} stops
 * the replica with its reason.
 */
public interface ScalableApplication extends SnapshotApplication {

    /**
     * Executes one operation at its place in the total order; as {@link Application#executeOrdered} does, on these entries.
     */
    byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView entries);

    /** Answers a read-only operation on these entries; as {@link Application#executeUnordered} does. */
    byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView entries);

    /** Where the entries live. The same object at every call. */
    CrudState entries();

    @Override
    default byte[] executeOrdered(byte[] operation, OrderedContext context) {
        CrudState entries = entries();
        BufferedView view = new BufferedView(entries);
        byte[] result = executeOrdered(operation, context, view);
        entries.apply(view.changes());
        return result;
    }

    @Override
    default byte[] executeUnordered(byte[] operation, UnorderedContext context) {
        return executeUnordered(operation, context, new BufferedView(entries()));
    }

    @Override
    default ReplicatedState state() {
        return entries().replicatedState();
    }

    @Override
    default Snapshot snapshot() {
        CrudState.Snapshot captured = entries().snapshot();
        return new Snapshot() {
            @Override
            public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
                return ScalableApplication.this.executeUnordered(operation, context, new BufferedView(captured));
            }

            @Override
            public void close() {
                captured.close();
            }
        };
    }
}
