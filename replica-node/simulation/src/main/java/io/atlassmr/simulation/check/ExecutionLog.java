package io.atlassmr.simulation.check;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionImage;
import io.atlassmr.transport.admission.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What one process of a replica executed, in order, from the first decision on. Nothing is executed twice. */
public final class ExecutionLog implements DuplicateFilter {

    /** One request that was executed. */
    public record Execution(ClientId clientId, long number, byte[] operation, Reply reply) {}

    private record Key(ClientId clientId, long number) {}

    private final int replica;
    private final Referee referee;
    private final Predicate<ClientId> known;
    private final DuplicateFilter filter;
    private final List<Execution> executions = new ArrayList<>();
    private final Set<Key> executed = new HashSet<>();

    /**
     * @param filter what decides
     * @param known which clients are held to anything
     */
    public ExecutionLog(DuplicateFilter filter, int replica, Referee referee, Predicate<ClientId> known) {
        this.filter = filter;
        this.replica = replica;
        this.referee = referee;
        this.known = known;
    }

    @Override
    public Admission admit(ClientBundle bundle, long number, long sequenceNumber, long agreedTimeMillis) {
        return filter.admit(bundle, number, sequenceNumber, agreedTimeMillis);
    }

    @Override
    public void answered(ClientBundle bundle, Reply reply) {
        if (!executed.add(new Key(bundle.clientId(), reply.number())) && referee.isHonest(replica)) {
            throw new Violation("exactly once: replica " + replica + " executes request " + reply.number()
                    + " of client " + bundle.clientId() + " again at " + reply.sequenceNumber());
        }
        if (known.test(bundle.clientId())) {
            referee.onAnswered(replica, bundle);
        }
        for (ClientRequest request : bundle.requests()) {
            if (request.number() == reply.number()) {
                executions.add(new Execution(bundle.clientId(), reply.number(), request.operation(), reply));
            }
        }
        filter.answered(bundle, reply);
    }

    @Override
    public SessionImage capture() {
        return filter.capture();
    }

    @Override
    public void restore(InputStream input) throws IOException {
        filter.restore(input);
        // What lies above the checkpoint is executed again, on the state before it.
        executed.clear();
    }

    @Override
    public Reply remembered(ClientBundle bundle, long number) {
        return filter.remembered(bundle, number);
    }

    /** What was executed. */
    public List<Execution> executions() {
        return executions;
    }
}
