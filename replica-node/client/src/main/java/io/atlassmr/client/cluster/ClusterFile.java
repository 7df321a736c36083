package io.atlassmr.client.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.atlassmr.client.cluster.ClusterDescription.Administrator;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterDescription.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Reads and writes a {@link ClusterDescription} as JSON ({@code cluster.json}):
 *
 * <pre>{@code
 * {"clusterId": "orders", "epoch": 1, "members": [
 *   {"id": 0, "publicKey": "<64 hexadecimal digits>", "host": "replica-0",
 *    "peerPort": 7000, "clientPort": 7001, "adminPort": 7002, "managementPort": 7003,
 *    "gatewayPort": 7004}, ...],
 *  "administrators": [{"publicKey": "<64 hexadecimal digits>", "role": "owner"}]}
 * }</pre>
 *
 * Fields it does not know are left alone, so that newer files can be read; {@code adminPort}, {@code managementPort} and
 * {@code gatewayPort} may be absent, and so may {@code administrators}.
 */
public final class ClusterFile {

    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ClusterFile() {}

    /**
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a valid description; says which field of which file, and why
     */
    public static ClusterDescription read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(file + ": larger than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if the text is not a valid description; says which field and why
     */
    public static ClusterDescription parse(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("expected a JSON object");
        }
        JsonNode members = root.path("members");
        if (!members.isArray()) {
            throw new IllegalArgumentException("members: expected an array");
        }
        List<Member> parsed = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            parsed.add(member(members.get(i), "members[" + i + "]"));
        }
        return new ClusterDescription(
                text(root, "", "clusterId"),
                number(root, "", "epoch", Long.MAX_VALUE),
                parsed,
                administrators(root.path("administrators")));
    }

    /**
     * Reads one member's entry, an object as in {@code members}.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not an entry; says which field of which file, and why
     */
    public static Member readMember(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IllegalArgumentException(file + ": larger than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return member(JSON.readTree(Files.readString(file)), "the entry");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": not JSON: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** One member's entry as JSON that {@link #readMember} reads. */
    public static String format(Member member) {
        return put(JSON.createObjectNode(), member).toPrettyString() + "\n";
    }

    private static ObjectNode put(ObjectNode node, Member member) {
        return node.put("id", member.id())
                .put("publicKey", HexFormat.of().formatHex(member.publicKey()))
                .put("host", member.host())
                .put("peerPort", member.peerPort())
                .put("clientPort", member.clientPort())
                .put("adminPort", member.adminPort())
                .put("managementPort", member.managementPort())
                .put("gatewayPort", member.gatewayPort());
    }

    /** The description as JSON that {@link #parse} reads. */
    public static String format(ClusterDescription cluster) {
        ObjectNode root = JSON.createObjectNode();
        root.put("clusterId", cluster.clusterId()).put("epoch", cluster.epoch());
        var members = root.putArray("members");
        for (Member member : cluster.members()) {
            put(members.addObject(), member);
        }
        if (!cluster.administrators().isEmpty()) {
            var administrators = root.putArray("administrators");
            for (Administrator administrator : cluster.administrators()) {
                administrators
                        .addObject()
                        .put("publicKey", HexFormat.of().formatHex(administrator.publicKey()))
                        .put("role", administrator.role().name().toLowerCase(Locale.ROOT));
            }
        }
        return root.toPrettyString() + "\n";
    }

    private static List<Administrator> administrators(JsonNode administrators) {
        List<Administrator> parsed = new ArrayList<>();
        if (!administrators.isMissingNode() && !administrators.isArray()) {
            throw new IllegalArgumentException("administrators: expected an array");
        }
        for (int i = 0; i < administrators.size(); i++) {
            String prefix = "administrators[" + i + "].";
            JsonNode node = administrators.get(i);
            String role = text(node, prefix, "role");
            parsed.add(new Administrator(
                    key(text(node, prefix, "publicKey"), prefix + "publicKey"),
                    switch (role) {
                        case "viewer" -> Role.VIEWER;
                        case "operator" -> Role.OPERATOR;
                        case "owner" -> Role.OWNER;
                        default ->
                            throw new IllegalArgumentException(
                                    prefix + "role: expected viewer, operator or owner, not \"" + role + "\"");
                    }));
        }
        return parsed;
    }

    private static Member member(JsonNode node, String path) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(path + ": expected an object");
        }
        String prefix = path + ".";
        int id = (int) number(node, prefix, "id", Integer.MAX_VALUE);
        byte[] publicKey = key(text(node, prefix, "publicKey"), prefix + "publicKey");
        String host = text(node, prefix, "host");
        int peerPort = port(node, prefix, "peerPort");
        int clientPort = port(node, prefix, "clientPort");
        int adminPort = optionalPort(node, prefix, "adminPort");
        int managementPort = optionalPort(node, prefix, "managementPort");
        int gatewayPort = optionalPort(node, prefix, "gatewayPort");
        try {
            return new Member(id, publicKey, host, peerPort, clientPort, adminPort, managementPort, gatewayPort);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + e.getMessage(), e);
        }
    }

    private static int port(JsonNode node, String prefix, String field) {
        return (int) number(node, prefix, field, 65_535);
    }

    private static int optionalPort(JsonNode node, String prefix, String field) {
        return node.has(field) ? port(node, prefix, field) : 0;
    }

    private static String text(JsonNode node, String prefix, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(prefix + field + ": expected a string");
        }
        return value.textValue();
    }

    private static long number(JsonNode node, String prefix, String field, long most) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > most) {
            throw new IllegalArgumentException(prefix + field + ": expected a whole number between 0 and " + most);
        }
        return value.longValue();
    }

    private static byte[] key(String hex, String path) {
        if (!hex.matches("[0-9a-fA-F]{64}")) {
            throw new IllegalArgumentException(path + ": expected 64 hexadecimal digits");
        }
        return HexFormat.of().parseHex(hex);
    }
}
