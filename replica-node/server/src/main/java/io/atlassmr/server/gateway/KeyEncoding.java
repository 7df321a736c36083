package io.atlassmr.server.gateway;

import io.atlassmr.kv.Bytes;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** How keys are written in URLs. */
enum KeyEncoding {
    /** Percent-encoded UTF-8. */
    UTF8,
    /** Base64url without padding, for keys that are no text. */
    BASE64URL;

    /** The encoding of this name; UTF-8 if there is none. */
    static KeyEncoding of(String name) {
        if (name == null) {
            return UTF8;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "utf8" -> UTF8;
            case "base64url" -> BASE64URL;
            default -> throw bad("encoding is " + name + "; it may be utf8 or base64url");
        };
    }

    /** The bytes that a part of a path, still percent-encoded, stands for. */
    Bytes decodePath(String raw) {
        return decode(percentDecode(raw, false));
    }

    /** The bytes that a query parameter, still percent-encoded, stands for. */
    Bytes decodeQuery(String raw) {
        return decode(percentDecode(raw, true));
    }

    private Bytes decode(byte[] decoded) {
        return switch (this) {
            case UTF8 -> {
                requireUtf8(decoded);
                yield Bytes.copyOf(decoded);
            }
            case BASE64URL -> {
                try {
                    yield Bytes.copyOf(Base64.getUrlDecoder().decode(decoded));
                } catch (IllegalArgumentException e) {
                    throw bad("not base64url: " + e.getMessage());
                }
            }
        };
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            boolean _ = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .isEmpty();
        } catch (CharacterCodingException e) {
            throw bad("not UTF-8; write keys that are no text with encoding=base64url");
        }
    }

    private static byte[] percentDecode(String raw, boolean plusIsSpace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        byte[] written = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < written.length; i++) {
            if (written[i] == '%') {
                int high = i + 2 < written.length ? Character.digit(written[i + 1], 16) : -1;
                int low = i + 2 < written.length ? Character.digit(written[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw bad("a percent sign is followed by two hexadecimal digits");
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(written[i] == '+' && plusIsSpace ? ' ' : written[i]);
            }
        }
        return bytes.toByteArray();
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(Problem.of(Problem.Kind.BAD_REQUEST, detail));
    }
}
