package io.atlassmr.server.admin.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.server.face.AdminFace;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * The description of the admin API, where the admin API is. It comes of the document that was derived when the application was built,
 * as what is served at the gateway is without these paths.
 */
@AdminFace
@Path("/admin/v1/openapi")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {

    private static final String OF_THE_BUILD = OpenApiConstants.BASE_NAME + "JSON";

    private final Config config;
    private final ObjectMapper json;
    private JsonNode document;

    @Inject
    OpenApiResource(Config config, ObjectMapper json) {
        this.config = config;
        this.json = json;
    }

    /** This API, as OpenAPI describes it. */
    @GET
    @Operation(hidden = true)
    public synchronized JsonNode document() {
        if (document == null) {
            document = read();
        }
        return document;
    }

    private JsonNode read() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream ofTheBuild = loader.getResourceAsStream(OF_THE_BUILD)) {
            if (ofTheBuild == null) {
                throw new IllegalStateException("the application was built without " + OF_THE_BUILD);
            }
            String all = SmallRyeOpenAPI.builder()
                    .withConfig(config)
                    .withApplicationClassLoader(loader)
                    .enableModelReader(false)
                    .enableStandardStaticFiles(false)
                    .enableAnnotationScan(false)
                    .enableStandardFilter(false)
                    .withCustomStaticFile(() -> ofTheBuild)
                    .build()
                    .toJSON();
            return AdminDocument.of(json.readTree(all));
        } catch (IOException e) {
            throw new UncheckedIOException("the description of this API is no JSON", e);
        }
    }
}
