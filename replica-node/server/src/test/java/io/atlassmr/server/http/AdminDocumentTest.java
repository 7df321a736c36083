package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.CheckpointsAnswer;
import io.atlassmr.admin.answer.ClusterHealth;
import io.atlassmr.admin.answer.DigestRange;
import io.atlassmr.admin.answer.DrainAnswer;
import io.atlassmr.admin.answer.EpochLinksAnswer;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.admin.answer.ReconfigurationAnswer;
import io.atlassmr.admin.answer.RecoveryProgress;
import io.atlassmr.admin.answer.ReplicaEvidence;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The description of the admin API that a replica serves is the one in docs/reference, and agrees with the page for people. With
 * {@code -Dopenapi.rewrite=true} the file is written anew; read the difference before you believe it.
 */
@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class AdminDocumentTest {

    private static final String OPEN_API = "/admin/v1/openapi";
    private static final Path REFERENCE = Path.of("..", "..", "docs", "reference");
    private static final Path FILE = REFERENCE.resolve("admin-api.openapi.yaml");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private Http http;
    private JsonNode document;

    @BeforeEach
    void ask() throws Exception {
        http = Http.onceStarted();
        Http.Answer answer = http.admin(http.identity(ClusterResource.ADMIN_FILE), OPEN_API);
        assertEquals(200, answer.status(), answer::text);
        document = answer.json();
    }

    @Test
    void theFileIsWhatAReplicaServes() throws Exception {
        String text = YAML.writeValueAsString(document);
        if (Boolean.getBoolean("openapi.rewrite")) {
            Files.writeString(FILE, text);
        }
        assertEquals(Files.readString(FILE), text, "run this test with -Dopenapi.rewrite=true and read the difference");
        assertEquals(YAML.readTree(text), document);
    }

    @Test
    void thePageForPeopleHasEveryOperation() throws Exception {
        String page = Files.readString(REFERENCE.resolve("http.md"));
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                String operation = method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                assertTrue(page.contains("`" + operation), () -> "docs/reference/http.md has no `" + operation);
            }
        }
    }

    @Test
    void itIsAboutTheAdminApiAlone() {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            assertTrue(path.getKey().startsWith("/admin/v1/"), path::getKey);
        }
        assertTrue(document.path("components").path("schemas").has("AdminStatus"), document::toString);
        assertTrue(!document.path("components").path("schemas").has("ScanResponse"), document::toString);
    }

    /** They are forms of their own, so that clients need not know of replicas' insides, and read what other versions write. */
    @Test
    void whatClientsReadIsInIt() {
        JsonNode schemas = document.path("components").path("schemas");
        Map<String, Class<? extends Record>> read = Map.of(
                "AdminStatus", AdminStatus.class,
                "RecoveryProgress", RecoveryProgress.class,
                "HealthReport", ClusterHealth.class,
                "Checkpoints", CheckpointsAnswer.class,
                "DigestsAnswer", DigestRange.class,
                "DrainView", DrainAnswer.class,
                "Epochs", EpochLinksAnswer.class,
                "MembershipView", MembershipAnswer.class,
                "ReconfigurationView", ReconfigurationAnswer.class,
                "EvidenceAnswer", ReplicaEvidence.class);
        read.forEach((name, form) -> {
            for (RecordComponent field : form.getRecordComponents()) {
                assertTrue(
                        schemas.path(name).path("properties").has(field.getName()),
                        () -> name + " has no " + field.getName());
            }
        });
        List<String> steps = new ArrayList<>();
        schemas.path("Step").path("enum").forEach(step -> steps.add(step.asText()));
        assertEquals(Stream.of(RecoveryProgress.Step.values()).map(Enum::name).toList(), steps);
    }

    @Test
    void thePlainPortDoesNotServeIt() throws Exception {
        assertEquals("404 not-here", http.gateway("GET", OPEN_API).problem());
    }
}
