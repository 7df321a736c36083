package io.atlassmr.server.logging;

import io.quarkus.logging.LoggingFilter;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Adds cluster, replica, epoch and view to every record of the log, whatever thread it comes from. They are there as
 * {@code %X{cluster}} and so on in a format, and as fields of {@code mdc} in JSON. A handler takes part by its filter:
 * {@code quarkus.log.console.filter=atlas}.
 */
@LoggingFilter(name = "atlas")
public final class ReplicaLogContext implements Filter {

    private static final String CLUSTER = "cluster";
    private static final String REPLICA = "replica";
    private static final String EPOCH = "epoch";
    private static final String VIEW = "view";
    private static final String UNKNOWN = "-";

    // Static, as the logging system makes filters of its own accord, before there are beans. There is one replica in a
    // process.
    private static volatile Map<String, String> context =
            Map.of(CLUSTER, UNKNOWN, REPLICA, UNKNOWN, EPOCH, UNKNOWN, VIEW, UNKNOWN);

    /** From now on, records are this replica's. */
    public static synchronized void identify(String clusterId, long epoch, int replicaId) {
        context = Map.of(
                CLUSTER,
                clusterId,
                REPLICA,
                String.valueOf(replicaId),
                EPOCH,
                String.valueOf(epoch),
                VIEW,
                context.get(VIEW));
    }

    /** From now on, records are of this view. */
    public static synchronized void enterView(long view) {
        Map<String, String> now = context;
        context = Map.of(
                CLUSTER,
                now.get(CLUSTER),
                REPLICA,
                now.get(REPLICA),
                EPOCH,
                now.get(EPOCH),
                VIEW,
                String.valueOf(view));
    }

    @Override
    public boolean isLoggable(LogRecord logged) {
        if (logged instanceof ExtLogRecord extended) {
            context.forEach(extended::putMdc);
        }
        return true;
    }
}
