package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What a replica gives for epochs.
 *
 * @param latest the epoch that it is in, as it says
 * @param links decisions that began epochs, in base 64
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EpochLinksAnswer(long latest, List<String> links) {}
