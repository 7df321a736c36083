package io.atlassmr.api;

/**
 * An application that can be made anew, so that a replica can execute a batch again on copies and see whether the same comes out.
 * A {@link ScalableApplication} need not be one: its entries can be copied without.
 */
public interface CopyableApplication extends Application {

    /** A new application in its initial state, with a {@link MonolithicState}, that shares nothing with this one. */
    Application newInstance();
}
