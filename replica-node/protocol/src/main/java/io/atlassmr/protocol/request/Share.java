package io.atlassmr.protocol.request;

import io.atlassmr.protocol.message.ClientBundle;

/** How much of a bounded room is taken. One bundle always fits into an empty one. */
final class Share {

    private final int maxRequests;
    private final long maxBytes;
    private int requests;
    private long bytes;

    Share(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** Takes room for a bundle, if there is some. */
    boolean take(ClientBundle bundle) {
        int count = bundle.requests().size();
        boolean fits = requests == 0 || (requests + count <= maxRequests && bytes + bundle.sizeBytes() <= maxBytes);
        if (fits) {
            requests += count;
            bytes += bundle.sizeBytes();
        }
        return fits;
    }

    /** Gives the room of a bundle back. */
    void giveBack(ClientBundle bundle) {
        requests -= bundle.requests().size();
        bytes -= bundle.sizeBytes();
    }

    /** Gives all room back. */
    void clear() {
        requests = 0;
        bytes = 0;
    }
}
