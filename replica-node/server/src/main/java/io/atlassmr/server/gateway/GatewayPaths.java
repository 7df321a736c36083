package io.atlassmr.server.gateway;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;

/** Leaves in the document that the gateway serves what the gateway offers: the admin API has a document of its own, where it is offered. */
@OpenApiFilter(value = OpenApiFilter.RunStage.RUN, priority = GatewaySchemas.PRIORITY + 1)
public final class GatewayPaths implements OASFilter {

    private static final String ADMIN_PATHS = "/admin/";

    @Override
    public void filterOpenAPI(OpenAPI document) {
        for (String path : Set.copyOf(document.getPaths().getPathItems().keySet())) {
            if (path.startsWith(ADMIN_PATHS)) {
                document.getPaths().removePathItem(path);
            }
        }
    }
}
