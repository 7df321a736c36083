package io.atlassmr.typed;

import io.atlassmr.api.ClientId;

/** What an unordered operation may use besides its request. */
public interface ReadContext extends Reader {

    /** The sequence number of the last batch that the state contains, 0 before the first. */
    long version();

    /** Who asks. */
    ClientId clientId();
}
