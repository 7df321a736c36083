package io.atlassmr.server.gateway;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atlassmr.kv.Bytes;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import java.util.Base64;

/**
 * Bytes in JSON: as {@code {"text": "..."}} where they are UTF-8, as {@code {"base64": "..."}} where they are not. Either may be
 * sent, not both.
 *
 * @param text the bytes' UTF-8 form
 * @param base64 the bytes in base64
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JsonBytes(String text, String base64) {

    static JsonBytes of(Bytes bytes) {
        String text = bytes.toUtf8();
        return Bytes.ofUtf8(text).equals(bytes)
                ? new JsonBytes(text, null)
                : new JsonBytes(null, Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    /** @param field where in the request this stands, for the error */
    Bytes toBytes(String field) {
        if ((text == null) == (base64 == null)) {
            throw bad(field + " has either \"text\" or \"base64\"");
        }
        if (text != null) {
            return Bytes.ofUtf8(text);
        }
        try {
            return Bytes.copyOf(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw bad(field + ".base64 is not base64: " + e.getMessage());
        }
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(Problem.of(Problem.Kind.BAD_REQUEST, detail));
    }
}
