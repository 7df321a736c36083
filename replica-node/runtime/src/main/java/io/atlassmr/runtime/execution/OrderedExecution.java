package io.atlassmr.runtime.execution;

import io.atlassmr.api.Application;
import io.atlassmr.api.ClientId;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.api.VersionedApplication;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.recovery.CheckpointWishes;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.Answer;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Executes decisions one after the other: sessions, application, digest. Deterministic given the application. For one thread.
 *
 * <p>The state digest is a chain: {@code SHA-256(previous, batch digest, number, outcome and result of every answer)}, so equal
 * digests at a sequence number mean equal histories with equal answers.
 */
public final class OrderedExecution implements AutoCloseable {

    /** Most bytes of one result. */
    public static final int MAX_RESULT_BYTES = Answer.MAX_RESULT_BYTES;

    private final Application application;
    private final BatchRunner runner;
    private final DuplicateFilter sessions;
    private long lastExecuted;
    private long agreedTimeMillis;
    private Digest stateDigest = Digest.ZERO;
    private ReconfigurationState reconfiguration;
    private long lastCheckpoint;

    /**
     * @param application in its initial state
     * @param sessions empty
     * @param reconfiguration what the members agree on about themselves before the first decision
     */
    public OrderedExecution(Application application, DuplicateFilter sessions, ReconfigurationState reconfiguration) {
        this(application, new SequentialRunner(application, new OperationWatch(1)), sessions, reconfiguration);
    }

    /**
     * @param application in its initial state
     * @param runner executes the application's operations
     * @param sessions empty
     * @param reconfiguration what the members agree on about themselves before the first decision
     */
    public OrderedExecution(
            Application application,
            BatchRunner runner,
            DuplicateFilter sessions,
            ReconfigurationState reconfiguration) {
        this.reconfiguration = reconfiguration;
        this.application = application;
        this.runner = runner;
        this.sessions = sessions;
    }

    /** Whether a checkpoint is due after the last decision executed. */
    public boolean isCheckpointDue() {
        return lastExecuted > 0 && lastCheckpoint == lastExecuted;
    }

    /** Captures the state after the last decision executed. */
    public StateCapture capture() {
        StateCapture.ApplicationImage image = switch (application.state()) {
            case MonolithicState state -> new StateCapture.Monolithic(state.capture());
            case DivisibleState state -> new StateCapture.Divisible(state.capture(lastExecuted));
        };
        return new StateCapture(
                lastExecuted, agreedTimeMillis, stateDigest, reconfiguration, sessions.capture(), image);
    }

    /** The state of a checkpoint, verified and at hand. */
    public interface StateSource {

        /** What the checkpoint is. */
        CheckpointHeader header();

        /** The sessions, as an image wrote them. */
        InputStream openSessions() throws IOException;

        /** The state of a {@link MonolithicState}, as an image wrote it. */
        InputStream openState() throws IOException;

        /** The directory with the image of a {@link DivisibleState}. */
        Path stateDirectory();
    }

    /**
     * Replaces the state by a checkpoint's.
     *
     * @throws IOException if it cannot be read, or the application does not know its schema version; the state is then unknown, and nothing may be executed before another restore
     */
    public void restore(StateSource source) throws IOException {
        switch (application.state()) {
            case MonolithicState state -> {
                try (InputStream input = source.openState()) {
                    state.restore(input);
                }
            }
            case DivisibleState state -> state.restore(source.stateDirectory());
        }
        requireKnownSchema(source.header().sequenceNumber());
        try (InputStream input = source.openSessions()) {
            sessions.restore(input);
        }
        lastExecuted = source.header().sequenceNumber();
        lastCheckpoint = lastExecuted;
        agreedTimeMillis = source.header().agreedTimeMillis();
        stateDigest = source.header().historyDigest();
        reconfiguration = source.header().reconfiguration();
    }

    private void requireKnownSchema(long sequenceNumber) throws IOException {
        if (application instanceof VersionedApplication versioned
                && versioned.schemaVersion() > versioned.newestSchemaVersion()) {
            throw new IOException("the state of checkpoint " + sequenceNumber + " has schema version "
                    + versioned.schemaVersion() + ", and this program knows up to " + versioned.newestSchemaVersion()
                    + ": start the replica with a program that is as new as the state");
        }
    }

    /** Executes the next decision. */
    public ExecutedBatch execute(Decision decision) {
        long sequenceNumber = decision.sequenceNumber();
        if (sequenceNumber != lastExecuted + 1) {
            throw new IllegalStateException("decision " + sequenceNumber + " after " + lastExecuted);
        }
        Batch batch = decision.batch();
        agreedTimeMillis = Math.max(agreedTimeMillis, batch.agreedTimeMillis());
        reconfiguration = reconfiguration.after(decision);
        Map<ClientId, List<Reply>> byClient = new LinkedHashMap<>();
        List<byte[]> digested = new ArrayList<>();
        digested.add(stateDigest.toByteArray());
        digested.add(batch.digest().toByteArray());
        long time = agreedTimeMillis;
        try (BatchRun run = runner.begin(() -> plan(batch, sequenceNumber, time))) {
            int position = 0;
            int index = 0;
            for (ClientBundle bundle : batch.bundles()) {
                List<Reply> replies = byClient.computeIfAbsent(bundle.clientId(), _ -> new ArrayList<>());
                for (ClientRequest request : bundle.requests()) {
                    Reply reply = switch (sessions.admit(bundle, request.number(), sequenceNumber, time)) {
                        case DuplicateFilter.Answer(Reply known) -> known;
                        case DuplicateFilter.Execute _ -> {
                            Reply fresh = run.execute(
                                    position,
                                    request,
                                    new OrderedContext(sequenceNumber, index++, time, bundle.clientId()));
                            sessions.answered(bundle, fresh);
                            yield fresh;
                        }
                    };
                    position++;
                    replies.add(reply);
                    digested.add(ByteBuffer.allocate(17)
                            .putLong(reply.number())
                            .put((byte) reply.outcome().code())
                            .putLong(reply.result().length)
                            .array());
                    digested.add(reply.result());
                }
            }
            run.finish();
        }
        stateDigest = Sha256.of(digested.toArray(byte[][]::new));
        lastExecuted = sequenceNumber;
        boolean isDue = sequenceNumber % reconfiguration.checkpointPolicy().interval() == 0
                || (batch.checkpoint() && sequenceNumber - lastCheckpoint >= CheckpointWishes.MIN_DISTANCE);
        if (isDue) {
            lastCheckpoint = sequenceNumber;
        }
        List<ExecutedBatch.ClientReplies> replies = new ArrayList<>(byClient.size());
        byClient.forEach((client, answers) -> replies.add(new ExecutedBatch.ClientReplies(client, answers)));
        return new ExecutedBatch(sequenceNumber, decision.certificate().view(), stateDigest, replies);
    }

    /**
     * Executes a decision again, on the way back to where execution was. A capture that is due is made and let go: those of a
     * {@link DivisibleState} are what its parts' versions count, and must be the same at every replica.
     */
    public void replay(Decision decision) {
        ExecutedBatch _ = execute(decision);
        if (isCheckpointDue()) {
            capture().close();
        }
    }

    /** Right unless requests come twice within the batch, or are refused. */
    private List<PlannedRequest> plan(Batch batch, long sequenceNumber, long time) {
        List<PlannedRequest> plan = new ArrayList<>(batch.requestCount());
        int index = 0;
        for (ClientBundle bundle : batch.bundles()) {
            for (ClientRequest request : bundle.requests()) {
                boolean isKnown = sessions.remembered(bundle, request.number()) != null;
                plan.add(
                        isKnown
                                ? null
                                : new PlannedRequest(
                                        request, new OrderedContext(sequenceNumber, index++, time, bundle.clientId())));
            }
        }
        return plan;
    }

    /** Answers a read on the state as it stands. */
    public Reply executeUnordered(ClientId clientId, long number, byte[] operation) {
        UnorderedContext context = new UnorderedContext(lastExecuted, clientId);
        return Answer.of(number, lastExecuted, () -> application.executeUnordered(operation, context));
    }

    /** The answers that the sessions remember for a bundle's requests; those forgotten are missing. */
    public List<Reply> remembered(ClientBundle bundle) {
        List<Reply> replies = new ArrayList<>();
        for (ClientRequest request : bundle.requests()) {
            Reply reply = sessions.remembered(bundle, request.number());
            if (reply != null) {
                replies.add(reply);
            }
        }
        return replies;
    }

    /** Position of the last decision executed, 0 before the first. */
    public long lastExecuted() {
        return lastExecuted;
    }

    /** What the members agree on about themselves after {@link #lastExecuted}. */
    public ReconfigurationState reconfiguration() {
        return reconfiguration;
    }

    /** Digest after {@link #lastExecuted}. */
    public Digest stateDigest() {
        return stateDigest;
    }

    /** Ends the threads that help to execute. The application stays its owner's. */
    @Override
    public void close() {
        runner.close();
    }
}
