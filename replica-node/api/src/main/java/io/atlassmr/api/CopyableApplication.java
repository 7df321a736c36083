package io.atlassmr.api;

/**
 * An application that can be made anew, so that a replica can execute a batch again on copies and see whether the same comes out. Its
 * state is a {@link MonolithicState} or a {@link CopyableState}. A {@link ScalableApplication} need not be one: its entries can be
 * copied without.
 */
public interface CopyableApplication extends Application {

    /**
     * A new application in its initial state, with a state of the same kind, that shares nothing with this one. One that is
     * {@link AutoCloseable} is closed after its use.
     */
    Application newInstance();
}
