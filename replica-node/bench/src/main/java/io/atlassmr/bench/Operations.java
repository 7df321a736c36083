package io.atlassmr.bench;

/** Makes the operations of a load. Called concurrently. */
@FunctionalInterface
public interface Operations {

    /**
     * @param index how many operations came before, over all clients
     * @param read whether it will be executed as an unordered read
     * @return not changed by anyone afterwards, so it may be the same array each time
     */
    byte[] next(long index, boolean read);

    /** The same bytes each time, all zero. */
    static Operations ofSize(int payloadBytes) {
        byte[] payload = new byte[payloadBytes];
        return (index, read) -> payload;
    }
}
