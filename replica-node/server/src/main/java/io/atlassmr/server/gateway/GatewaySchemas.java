package io.atlassmr.server.gateway;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.openapi.api.util.UnusedSchemaFilter;
import org.eclipse.microprofile.openapi.OASFilter;

/** Leaves in the document that the gateway serves the schemas of what is left in it; after {@link GatewayPaths}. */
@OpenApiFilter(value = OpenApiFilter.RunStage.RUN, priority = GatewaySchemas.PRIORITY)
public final class GatewaySchemas extends UnusedSchemaFilter
        implements OASFilter { // Quarkus looks at its own interfaces

    static final int PRIORITY = 1;
}
