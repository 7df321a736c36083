package io.atlassmr.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One operation of the admin API's description.
 *
 * @param parameters of path and query
 * @param body the schema of its body, absent if it takes none
 * @param methodsOfPath this one and others
 * @param role the least that a caller has to be to have anything changed; empty if it changes nothing
 */
record DescribedOperation(
        String method,
        String path,
        List<JsonNode> parameters,
        Optional<JsonNode> body,
        JsonNode responses,
        Optional<String> role,
        Set<String> methodsOfPath) {

    /** All of a document. */
    static List<DescribedOperation> all(JsonNode document) {
        List<DescribedOperation> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                all.add(of(document, path.getKey(), method.getKey(), method.getValue()));
            }
        }
        return all;
    }

    private static DescribedOperation of(JsonNode document, String path, String method, JsonNode operation) {
        List<JsonNode> parameters = new ArrayList<>();
        operation.path("parameters").forEach(parameter -> {
            if (!parameter.path("in").asText().equals("header")) {
                parameters.add(parameter);
            }
        });
        JsonNode schema = operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        JsonNode resolved =
                schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
        return new DescribedOperation(
                method.toUpperCase(Locale.ROOT),
                path,
                parameters,
                resolved.isMissingNode() ? Optional.empty() : Optional.of(resolved),
                operation.path("responses"),
                Optional.ofNullable(operation.path("x-role").textValue()),
                document.path("paths").path(path).properties().stream()
                        .map(other -> other.getKey().toUpperCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    boolean reads() {
        return method.equals("GET");
    }

    boolean describes(int status) {
        return responses.has(String.valueOf(status));
    }

    /** Where in the document the schema of an answer is. */
    String schemaOf(int status, String mediaType) {
        return "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method.toLowerCase(Locale.ROOT)
                + "/responses/" + status + "/content/" + mediaType.replace("/", "~1") + "/schema";
    }
}
