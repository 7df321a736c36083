package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * How far a replica is with leaving leading and clients to others.
 *
 * @param state SERVING, DRAINING or DRAINED
 * @param leader id of the replica that leads
 * @param leave what became of its wish to be removed, null if it has none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DrainAnswer(String state, int leader, ReconfigurationAnswer leave) {}
