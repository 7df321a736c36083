package io.atlassmr.protocol.message;

import java.util.Arrays;

/**
 * One request of a bundle.
 *
 * @param number the client's numbering, from 1
 * @param operation the application's bytes; not to be changed by whoever holds it
 */
public record ClientRequest(long number, byte[] operation) {

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientRequest that && number == that.number && Arrays.equals(operation, that.operation);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
