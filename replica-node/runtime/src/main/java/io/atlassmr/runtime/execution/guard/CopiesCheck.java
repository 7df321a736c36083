package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Application;
import io.atlassmr.api.CopyableApplication;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.Answer;
import java.util.List;
import java.util.Optional;

/** Checks an application on two new ones that are brought to its state. */
final class CopiesCheck implements BatchCheck {

    private final StateBefore before;

    CopiesCheck(CopyableApplication application) {
        this.before = StateBefore.of(application);
    }

    @Override
    public Optional<Nondeterminism> check(List<ExecutedRequest> batch) {
        return run(batch, false);
    }

    /** @param afterEach compares states after each operation, not only after the last; costs the size of the state each time */
    private Optional<Nondeterminism> run(List<ExecutedRequest> batch, boolean afterEach) {
        Application first = before.newApplication();
        Application second = before.newApplication();
        boolean leftEqualStates;
        try {
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
            leftEqualStates = afterEach || statesDiffer(first, second).isEmpty();
        } finally {
            close(first);
            close(second);
        }
        if (leftEqualStates) {
            return Optional.empty();
        }
        return run(batch, true)
                .or(() -> Optional.of(named(batch.getLast(), "or one before it in the batch left unequal states")));
    }

    private static Optional<String> statesDiffer(Application first, Application second) {
        return StateContent.digest(first).equals(StateContent.digest(second))
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

    /** Closes an application that was made for a check. */
    static void close(Application copy) {
        if (copy instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("a copy of the application does not close", e);
            }
        }
    }

    @Override
    public void close() {
        before.close();
    }
}
