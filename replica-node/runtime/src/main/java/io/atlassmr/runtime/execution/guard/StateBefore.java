package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Application;
import io.atlassmr.api.CopyableApplication;
import io.atlassmr.api.CopyableState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.ReplicatedState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A state put aside, of which applications are made as often as is needed. One thread. */
sealed interface StateBefore extends AutoCloseable {

    /** A new application in the state that was put aside. */
    Application newApplication();

    @Override
    void close();

    /** Whether this application's state can be put aside. */
    static boolean isPossible(Application application) {
        return application instanceof CopyableApplication
                && (application.state() instanceof MonolithicState || application.state() instanceof CopyableState);
    }

    /** Puts the application's state aside as it is now. */
    static StateBefore of(CopyableApplication application) {
        if (application.state() instanceof CopyableState state) {
            return new Copied(application, state);
        }
        if (application.state() instanceof MonolithicState state) {
            return new Captured(application, state);
        }
        throw new IllegalArgumentException(application.getClass().getName() + " cannot be copied");
    }

    /** An image in memory. */
    final class Captured implements StateBefore {

        private final CopyableApplication application;
        private final MonolithicState.Image image;
        private byte[] bytes;

        Captured(CopyableApplication application, MonolithicState state) {
            this.application = application;
            this.image = state.capture();
        }

        @Override
        public Application newApplication() {
            if (bytes == null) {
                bytes = StateContent.write(image);
            }
            Application copy = application.newInstance();
            if (!(copy.state() instanceof MonolithicState state)) {
                throw ofAnotherKind(copy);
            }
            try {
                state.restore(new ByteArrayInputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException("a state that the application wrote cannot be read by another of it", e);
            }
            return copy;
        }

        @Override
        public void close() {
            image.close();
        }
    }

    /** A copy that nothing is executed on, of which further ones are made. */
    final class Copied implements StateBefore {

        private final CopyableApplication application;
        private final Application aside;

        Copied(CopyableApplication application, CopyableState state) {
            this.application = application;
            this.aside = copy(state);
        }

        @Override
        public Application newApplication() {
            if (aside.state() instanceof CopyableState state) {
                return copy(state);
            }
            throw ofAnotherKind(aside);
        }

        private Application copy(CopyableState state) {
            Application copy = application.newInstance();
            ReplicatedState to = copy.state();
            if (to.getClass() != state.getClass()) {
                throw ofAnotherKind(copy);
            }
            try {
                state.copyTo(to);
            } catch (IOException e) {
                throw new UncheckedIOException("the application's state cannot be copied", e);
            }
            return copy;
        }

        @Override
        public void close() {
            CopiesCheck.close(aside);
        }
    }

    private static IllegalStateException ofAnotherKind(Application copy) {
        return new IllegalStateException(copy.getClass().getName() + ".newInstance() has a state of another kind");
    }
}
