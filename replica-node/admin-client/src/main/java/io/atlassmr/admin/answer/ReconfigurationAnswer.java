package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a replica says became of a command.
 *
 * @param command names it
 * @param state PENDING, DONE or REFUSED
 * @param sequenceNumber the decision it is in; null while it is in none
 * @param refusal why it was not done, for a program; null if it was
 * @param detail why it was not done, for a person; null if it was
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReconfigurationAnswer(String command, String state, Long sequenceNumber, String refusal, String detail) {}
