package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * The state digests after consecutive decisions, as one replica has them.
 *
 * @param digests null where it remembers none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DigestRange(long firstSequenceNumber, List<String> digests) {}
