package io.atlassmr.client;

/** No replica could be reached until the request's deadline, so it was never sent. */
public final class NoQuorumException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private final int connected;
    private final int needed;

    NoQuorumException(int connected, int needed) {
        super("connected to " + connected + " replicas, needs " + needed);
        this.connected = connected;
        this.needed = needed;
    }

    /** How many replicas the client is connected to. */
    public int connected() {
        return connected;
    }

    /** How many it needs to believe an answer. */
    public int needed() {
        return needed;
    }

    /** False: it never left this process. */
    @Override
    public boolean mayHaveExecuted() {
        return false;
    }
}
