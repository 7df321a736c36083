package io.atlassmr.server.admin.read;

import io.atlassmr.runtime.replica.status.DigestHistory;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The state digests after consecutive decisions.
 *
 * @param digests 64 hexadecimal digits each; null for decisions that this replica did not execute since its start, or has forgotten
 */
public record DigestsAnswer(
        long firstSequenceNumber,

        @Schema(type = SchemaType.ARRAY, implementation = StateDigest.class)
        List<String> digests) {

    static DigestsAnswer of(DigestHistory.Range range) {
        return new DigestsAnswer(range.firstSequenceNumber(), range.digests());
    }

    /** Tells the description of the API what a digest looks like. */
    @Schema(type = SchemaType.STRING, nullable = true, pattern = "^[0-9a-f]{64}$")
    public interface StateDigest {}
}
