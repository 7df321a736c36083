package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Application;
import io.atlassmr.api.CopyableApplication;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Checks an application on two new ones that are brought to its state. Holds the state in memory. */
final class CopiesCheck implements BatchCheck {

    private final CopyableApplication application;
    private final MonolithicState.Image before;

    CopiesCheck(CopyableApplication application, MonolithicState state) {
        this.application = application;
        this.before = state.capture();
    }

    @Override
    public Optional<Nondeterminism> check(List<ExecutedRequest> batch) {
        return run(batch, write(before), false);
    }

    /** @param afterEach compares states after each operation, not only after the last; costs the size of the state each time */
    private Optional<Nondeterminism> run(List<ExecutedRequest> batch, byte[] image, boolean afterEach) {
        Application first = copy(image);
        Application second = copy(image);
        for (ExecutedRequest executed : batch) {
            Reply one = execute(first, executed);
            Reply other = execute(second, executed);
            Optional<String> difference = Differences.between(executed.reply(), one)
                    .or(() -> Differences.between(one, other))
                    .or(() -> afterEach ? statesDiffer(first, second) : Optional.empty());
            if (difference.isPresent()) {
                return Optional.of(named(executed, difference.get()));
            }
        }
        if (afterEach || statesDiffer(first, second).isEmpty()) {
            return Optional.empty();
        }
        return run(batch, image, true)
                .or(() -> Optional.of(named(batch.getLast(), "or one before it in the batch left unequal states")));
    }

    private static Optional<String> statesDiffer(Application first, Application second) {
        return digest(first).equals(digest(second))
                ? Optional.empty()
                : Optional.of("gave equal results and left unequal states");
    }

    private static Nondeterminism named(ExecutedRequest executed, String difference) {
        return new Nondeterminism(executed.context(), executed.request().number(), difference);
    }

    private static Reply execute(Application copy, ExecutedRequest executed) {
        return Answer.of(
                executed.request().number(),
                executed.context().sequenceNumber(),
                () -> copy.executeOrdered(executed.request().operation(), executed.context()));
    }

    private Application copy(byte[] image) {
        Application copy = application.newInstance();
        try {
            monolithic(copy).restore(new ByteArrayInputStream(image));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("a state that the application wrote cannot be read by another of it", e);
        }
    }

    private static Digest digest(Application copy) {
        try (MonolithicState.Image image = monolithic(copy).capture()) {
            return Sha256.of(write(image));
        }
    }

    private static MonolithicState monolithic(Application copy) {
        if (copy.state() instanceof MonolithicState state) {
            return state;
        }
        throw new IllegalStateException(copy.getClass().getName() + ".newInstance() has a state of another kind");
    }

    private static byte[] write(MonolithicState.Image image) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            image.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toByteArray();
    }

    @Override
    public void close() {
        before.close();
    }
}
