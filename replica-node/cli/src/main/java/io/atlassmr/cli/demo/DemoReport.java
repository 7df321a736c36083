package io.atlassmr.cli.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What a demo came to.
 *
 * @param replicas n
 * @param f how many may lie or fail
 * @param acknowledged operations that the clients have answers of
 * @param lost acknowledged writes that were missing when their key was read
 * @param duplicated writes that had an effect twice
 * @param diverged replicas whose state differed from the others' at the same decision
 * @param viewChanges views entered after the first
 * @param recoveryMillis from the leader's kill to the first acknowledgement of an operation begun after it
 * @param throughputPerSecond acknowledged operations per second, the time without a leader included
 * @param p50Millis median latency
 * @param p99Millis latency that 99 percent stay within
 * @param wipedRecoveryMillis from the start of a replica whose disk was wiped until it voted again; -1 if it did not
 * @param transferredBytes bytes of state that its peers gave it
 * @param grownMillis from the wish for a fifth replica until it was a member
 * @param shrunkMillis from the wish that the leader leaves until the others went on without it
 * @param epoch of the members in the end
 * @param ok whether everything was acknowledged, nothing lost, duplicated or diverged, and the wiped replica votes again
 */
@JsonPropertyOrder({
    "replicas",
    "f",
    "acknowledged",
    "lost",
    "duplicated",
    "diverged",
    "viewChanges",
    "recoveryMillis",
    "throughputPerSecond",
    "p50Millis",
    "p99Millis",
    "wipedRecoveryMillis",
    "transferredBytes",
    "grownMillis",
    "shrunkMillis",
    "epoch",
    "ok"
})
public record DemoReport(
        int replicas,
        int f,
        long acknowledged,
        long lost,
        long duplicated,
        long diverged,
        long viewChanges,
        long recoveryMillis,
        long throughputPerSecond,
        double p50Millis,
        double p99Millis,
        long wipedRecoveryMillis,
        long transferredBytes,
        long grownMillis,
        long shrunkMillis,
        long epoch,
        boolean ok) {}
