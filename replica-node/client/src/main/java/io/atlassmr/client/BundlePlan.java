package io.atlassmr.client;

import java.util.List;

/**
 * Requests to go out under one signature.
 *
 * @param requests ascending by number, at least one
 * @param answeredBelow the lowest number without an answer
 * @param recipient index of the member to send to, {@link OrderedRequest#NOBODY} for all
 * @param responders indexes of the members that are to answer; none for all
 */
record BundlePlan(List<OrderedRequest> requests, long answeredBelow, int recipient, List<Integer> responders) {

    boolean isForAll() {
        return recipient == OrderedRequest.NOBODY;
    }
}
