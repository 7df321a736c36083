package io.atlassmr.client;

/**
 * What a client has counted since it was opened.
 *
 * @param bundlesSent signed bundles, retries included
 * @param requestsSent ordered requests in those bundles
 * @param retries requests sent again because no answer was believed in time
 * @param orderedInstead unordered requests that had to be ordered
 * @param malformedFrames frames from replicas that are not replies to this client
 * @param forgedFrames replies that the replica did not sign
 * @param lateFrames replies to nothing that was still waiting; the surplus of honest replicas counts here
 * @param shedFrames replies dropped because too many from that replica were waiting to be checked
 */
public record ClientStatistics(
        long bundlesSent,
        long requestsSent,
        long retries,
        long orderedInstead,
        long malformedFrames,
        long forgedFrames,
        long lateFrames,
        long shedFrames) {}
