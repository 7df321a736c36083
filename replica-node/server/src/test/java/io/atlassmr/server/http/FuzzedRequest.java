package io.atlassmr.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A request made of an operation's description, and of chance; the same for the same seed. */
record FuzzedRequest(
        DescribedOperation operation,
        Mutation mutation,
        String method,
        String target,
        Map<String, String> headers,
        byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String HEX = "0123456789abcdef";
    private static final int TOO_LARGE_BYTES = (64 << 10) + 1;
    private static final int TOO_DEEP = 5000;
    private static final List<String> METHODS = List.of("PUT", "DELETE", "PATCH", "POST", "GET", "FROB");
    private static final List<String> OTHER_TYPES =
            List.of("text/plain", "application/xml", "application/x-www-form-urlencoded", "image/png", "a/b");

    /** Any number but the epoch that the cluster is in, so that no request is one that changes it. */
    private static final List<Long> NUMBERS = List.of(
            2L, 3L, 7L, 64L, 8192L, 1L << 31, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, 0L, -1L, -8192L);

    static FuzzedRequest of(Random random, DescribedOperation operation, Mutation mutation) {
        Maker maker = new Maker(random, operation, mutation);
        return new FuzzedRequest(operation, mutation, maker.method(), maker.target(), maker.headers(), maker.body());
    }

    /** Whether an answer of this status is the operation's: what is in the path may make it another path. */
    boolean isForTheOperation(int status) {
        return mutation != Mutation.METHOD
                && mutation != Mutation.PATH
                && !(mutation == Mutation.PARAMETERS && status == 404);
    }

    @Override
    public String toString() {
        String text = new String(body, StandardCharsets.UTF_8);
        return mutation + ": " + method + " " + target + " " + headers + " "
                + text.substring(0, Math.min(200, text.length()));
    }

    private record Maker(Random random, DescribedOperation operation, Mutation mutation) {

        private <T> T one(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }

        String method() {
            if (mutation != Mutation.METHOD) {
                return operation.method();
            }
            return one(METHODS.stream()
                    .filter(method -> !operation.methodsOfPath().contains(method))
                    .toList());
        }

        String target() {
            StringBuilder query = new StringBuilder();
            String path = operation.path();
            for (JsonNode parameter : operation.parameters()) {
                String name = parameter.path("name").asText();
                String value = URLEncoder.encode(value(parameter.path("schema")), StandardCharsets.UTF_8)
                        .replace("+", "%20");
                if (parameter.path("in").asText().equals("path")) {
                    path = path.replace("{" + name + "}", value.isEmpty() ? "%20" : value);
                } else if (random.nextInt(4) != 0) {
                    query.append(query.isEmpty() ? "?" : "&")
                            .append(name)
                            .append('=')
                            .append(value);
                }
            }
            if (mutation == Mutation.PATH) {
                return path + one(List.of("/x", "/x/y", "x", "%00", "/%2e%2e/x", "/;a=b/c"));
            }
            return path + query;
        }

        private String value(JsonNode schema) {
            boolean valid = mutation != Mutation.PARAMETERS;
            if (valid || random.nextInt(4) == 0) {
                return schema.path("type").asText().equals("integer")
                        ? String.valueOf(1 + random.nextInt(8192))
                        : hex();
            }
            return switch (random.nextInt(4)) {
                case 0 -> text(random.nextInt(300));
                case 1 -> String.valueOf(one(NUMBERS));
                case 2 -> one(List.of("", " ", "1e9", "0x10", "99999999999999999999", "NaN", "null", "../status"));
                default -> hex().substring(random.nextInt(64));
            };
        }

        private String hex() {
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < 64; i++) {
                hex.append(HEX.charAt(random.nextInt(HEX.length())));
            }
            return hex.toString();
        }

        private String text(int length) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append((char) (random.nextInt(8) == 0 ? 1 + random.nextInt(0x2fff) : ' ' + random.nextInt(95)));
            }
            return text.toString();
        }

        Map<String, String> headers() {
            Map<String, String> headers = new LinkedHashMap<>();
            if (operation.body().isPresent()) {
                headers.put("Content-Type", mutation == Mutation.CONTENT_TYPE ? one(OTHER_TYPES) : "application/json");
            }
            if (mutation == Mutation.ACCEPT) {
                headers.put("Accept", one(OTHER_TYPES));
            }
            if (mutation == Mutation.IDEMPOTENCY_KEY) {
                headers.put("Idempotency-Key", one(List.of("a", "b", "a key", "", "a".repeat(129), hex())));
            }
            if (mutation == Mutation.NONCE) {
                String nonce = random.nextBoolean() ? hex() : text(random.nextInt(300));
                headers.put("Atlas-Nonce", nonce.replaceAll("[^ -~]", "?"));
            }
            return headers;
        }

        byte[] body() {
            if (operation.body().isEmpty() && mutation != Mutation.BODY_TOO_LARGE) {
                return new byte[0];
            }
            return switch (mutation) {
                case NO_BODY -> new byte[0];
                case BODY_TOO_LARGE -> "\"".repeat(TOO_LARGE_BYTES).getBytes(StandardCharsets.UTF_8);
                case BODY_OF_BYTES -> {
                    byte[] bytes = new byte[1 + random.nextInt(2000)];
                    random.nextBytes(bytes);
                    if (random.nextInt(4) == 0) {
                        // What is taken for the beginning of UTF-32.
                        java.util.Arrays.fill(bytes, 0, Math.min(3, bytes.length), (byte) 0);
                    }
                    yield bytes;
                }
                case BODY_CUT_OFF -> {
                    byte[] whole = json(false);
                    yield java.util.Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
                }
                case BODY_TOO_DEEP ->
                    ("{\"x\":" + "[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP) + "}").getBytes(StandardCharsets.UTF_8);
                case BODY_OF_OTHER_TYPES -> json(true);
                default -> json(false);
            };
        }

        private byte[] json(boolean otherTypes) {
            ObjectNode body = NODES.objectNode();
            for (Map.Entry<String, JsonNode> property :
                    operation.body().orElseThrow().path("properties").properties()) {
                String type = property.getValue().path("type").asText();
                body.set(property.getKey(), otherTypes ? anything(3) : ofType(type));
            }
            if (random.nextInt(4) == 0) {
                body.set(text(5), anything(2));
            }
            try {
                return JSON.writeValueAsBytes(body);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new AssertionError(e);
            }
        }

        private JsonNode ofType(String type) {
            if (type.equals("integer")) {
                return NODES.numberNode(2 + random.nextInt(1000));
            }
            if (type.equals("boolean")) {
                return NODES.booleanNode(random.nextBoolean());
            }
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
        }

        private JsonNode anything(int depth) {
            return switch (random.nextInt(depth > 0 ? 8 : 6)) {
                case 0 -> NODES.nullNode();
                case 1 -> NODES.booleanNode(random.nextBoolean());
                case 2 -> NODES.numberNode(one(NUMBERS));
                case 3 -> NODES.numberNode(random.nextGaussian() * 1e300);
                case 4 -> NODES.textNode(text(random.nextInt(50)));
                case 5 -> NODES.textNode("");
                case 6 -> {
                    List<JsonNode> some = new ArrayList<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        some.add(anything(depth - 1));
                    }
                    yield NODES.arrayNode().addAll(some);
                }
                default -> NODES.objectNode().set(text(3), anything(depth - 1));
            };
        }
    }
}
