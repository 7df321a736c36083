package io.atlassmr.server.admin.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.server.admin.access.RequestKeys;
import io.atlassmr.server.problem.Problem;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The OpenAPI document of the admin API: what the framework derives from the resources, without those of the other ports, and with what
 * all of this API have in common: problems, signed answers, certificates.
 */
final class AdminDocument {

    private static final String PREFIX = "/admin/v1/";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Map<String, String> PROBLEMS = Map.of(
            "400", "The request is not understood",
            "403", "The caller has not the role",
            "406", "The answer is JSON, which the caller does not accept",
            "413", "The body is larger than 64 KiB",
            "429", "This caller asks too often; Retry-After says when to ask again",
            "503", "This replica is starting, stopping or too busy; ask again");

    private static final String NOT_JSON = "The body is not JSON";

    private final JsonNode all;
    private final Set<String> answers = new TreeSet<>();

    private AdminDocument(JsonNode all) {
        this.all = all;
    }

    /** @param all the document of everything that the process offers */
    static ObjectNode of(JsonNode all) {
        return new AdminDocument(all).document();
    }

    private ObjectNode document() {
        ObjectNode document = NODES.objectNode();
        document.set("openapi", all.path("openapi"));
        document.putObject("info")
                .put("title", "Atlas admin API")
                .put("version", "v1")
                .put(
                        "description",
                        "Offered over TLS 1.3 with certificates on both sides. An answer to a read is signed by the replica if"
                                + " the header " + SignedAnswer.NONCE_HEADER + " asks for it.");
        ObjectNode paths = document.putObject("paths");
        TreeMap<String, JsonNode> ordered = new TreeMap<>();
        all.path("paths").properties().forEach(path -> ordered.put(path.getKey(), path.getValue()));
        ordered.tailMap(PREFIX, true).forEach((path, item) -> {
            if (path.startsWith(PREFIX)) {
                paths.set(path, item(item));
            }
        });
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas(paths));
        components.set("securitySchemes", NODES.objectNode().set("certificate", certificate()));
        document.putArray("security").addObject().putArray("certificate");
        return document;
    }

    private static ObjectNode certificate() {
        return NODES.objectNode()
                .put("type", "mutualTLS")
                .put("description", "An identity certificate of a member or an administrator");
    }

    private ObjectNode item(JsonNode item) {
        ObjectNode result = NODES.objectNode();
        for (Map.Entry<String, JsonNode> method : item.properties()) {
            result.set(
                    method.getKey(),
                    operation(method.getKey(), method.getValue().deepCopy()));
        }
        return result;
    }

    private ObjectNode operation(String method, ObjectNode operation) {
        operation.remove("tags");
        ObjectNode responses = operation.withObject("/responses");
        for (JsonNode response : responses) {
            references(response.path("content").path("application/json")).forEach(answers::add);
        }
        if (method.equals("get")) {
            operation.withArray("/parameters").add(nonce());
            ObjectNode content = responses.withObject("/200").withObject("/content");
            content.putObject(SignedAnswer.MEDIA_TYPE)
                    .putObject("schema")
                    .put("type", "string")
                    .put("description", "The answer as a JWS in compact serialisation, if a nonce was given");
        }
        PROBLEMS.forEach((status, what) -> problem(responses, status, what));
        if (method.equals("post")) {
            operation.withArray("/parameters").add(idempotencyKey());
            problem(responses, "409", "The same write is under way");
            problem(responses, "422", "The key stands for another write");
        }
        if (operation.has("requestBody")) {
            problem(responses, "415", NOT_JSON);
        }
        for (Map.Entry<String, JsonNode> response : responses.properties()) {
            if (response.getKey().compareTo("400") >= 0 && !response.getValue().has("content")) {
                problem(
                        responses,
                        response.getKey(),
                        response.getValue().path("description").asText());
            }
        }
        operation.set("responses", sorted(responses));
        return operation;
    }

    private static ObjectNode sorted(ObjectNode node) {
        TreeMap<String, JsonNode> ordered = new TreeMap<>();
        node.properties().forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        ObjectNode result = NODES.objectNode();
        ordered.forEach(result::set);
        return result;
    }

    private static ObjectNode nonce() {
        ObjectNode parameter = NODES.objectNode()
                .put("name", SignedAnswer.NONCE_HEADER)
                .put("in", "header")
                .put("description", "Has the answer signed, with this in it");
        parameter.putObject("schema").put("type", "string").put("pattern", "^[A-Za-z0-9_-]{16,128}$");
        return parameter;
    }

    private static ObjectNode idempotencyKey() {
        ObjectNode parameter = NODES.objectNode()
                .put("name", RequestKeys.HEADER)
                .put("in", "header")
                .put("description", "Names the write, so that asking for it again does not do it again");
        parameter
                .putObject("schema")
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", RequestKeys.MAX_KEY_LENGTH);
        return parameter;
    }

    private static void problem(ObjectNode responses, String status, String what) {
        ObjectNode response = NODES.objectNode().put("description", what);
        response.putObject("content")
                .putObject(Problem.MEDIA_TYPE)
                .putObject("schema")
                .put("$ref", SCHEMAS + "Problem");
        responses.set(status, response);
    }

    /** Those that are used, each with what is always there; nothing else is promised to be absent. */
    private ObjectNode schemas(ObjectNode paths) {
        Set<String> used = reachable(references(paths));
        used.add("Problem");
        Set<String> answered = reachable(answers);
        ObjectNode schemas = NODES.objectNode();
        for (String name : used) {
            ObjectNode schema =
                    name.equals("Problem") ? problemSchema() : schema(name).deepCopy();
            if (answered.contains(name) && schema.has("properties")) {
                requireAll(schema);
            }
            schemas.set(name, schema);
        }
        return schemas;
    }

    private Set<String> reachable(Collection<String> from) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            String name = open.removeFirst();
            if (reached.add(name)) {
                open.addAll(references(schema(name)));
            }
        }
        return reached;
    }

    private JsonNode schema(String name) {
        return all.path("components").path("schemas").path(name);
    }

    private static void requireAll(ObjectNode schema) {
        ArrayNode required = NODES.arrayNode();
        schema.path("properties").properties().stream()
                .filter(property -> !isNullable(property.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(required::add);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }

    private static boolean isNullable(JsonNode schema) {
        return Optional.of(schema.path("type")).filter(JsonNode::isArray).stream()
                        .flatMap(types -> types.valueStream())
                        .anyMatch(type -> type.asText().equals("null"))
                || schema.path("anyOf")
                        .valueStream()
                        .anyMatch(one -> one.path("type").asText().equals("null"));
    }

    private static ObjectNode problemSchema() {
        ObjectNode schema = NODES.objectNode().put("type", "object").put("description", "RFC 9457");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("type").put("type", "string");
        properties.putObject("title").put("type", "string");
        properties.putObject("status").put("type", "integer");
        properties.putObject("detail").put("type", "string");
        properties.putObject("mayHaveExecuted").put("type", "boolean");
        schema.putArray("required").add("status").add("title").add("type");
        return schema;
    }

    private static List<String> references(JsonNode node) {
        return node.findValuesAsText("$ref").stream()
                .filter(reference -> reference.startsWith(SCHEMAS))
                .map(reference -> reference.substring(SCHEMAS.length()))
                .toList();
    }
}
