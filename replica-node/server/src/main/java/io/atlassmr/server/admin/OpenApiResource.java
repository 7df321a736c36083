package io.atlassmr.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.server.face.AdminFace;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The description of the admin API, where the admin API is. */
@AdminFace
@Path("/admin/v1/openapi")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {

    private final OpenApiDocumentService documents;
    private final ObjectMapper json;

    @Inject
    OpenApiResource(OpenApiDocumentService documents, ObjectMapper json) {
        this.documents = documents;
        this.json = json;
    }

    /** This API, as OpenAPI describes it. */
    @GET
    @Operation(hidden = true)
    public JsonNode document() {
        try {
            return AdminDocument.of(json.readTree(documents.getDocument(Format.JSON)));
        } catch (IOException e) {
            throw new UncheckedIOException("the description of this API is no JSON", e);
        }
    }
}
