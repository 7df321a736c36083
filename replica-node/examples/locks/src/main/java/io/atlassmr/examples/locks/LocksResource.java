package io.atlassmr.examples.locks;

import io.atlassmr.server.gateway.ClusterClient;
import io.atlassmr.typed.TypedClient;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;

/** The locks over HTTP. */
@Path("/v1/locks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class LocksResource {

    private final ClusterClient cluster;

    @Inject
    LocksResource(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /** Asks for a lock. */
    @POST
    @Path("/acquire")
    public CompletionStage<Locks.Lease> acquire(Locks.Acquire request) {
        return client().ordered(request, Locks.Lease.class);
    }

    /** Gives a lock back. */
    @POST
    @Path("/release")
    public CompletionStage<Locks.Released> release(Locks.Release request) {
        return client().ordered(request, Locks.Released.class);
    }

    /** Who has a lock. */
    @GET
    @Path("/{lock}")
    public CompletionStage<Locks.Lease> holder(@PathParam("lock") String lock) {
        return client().unordered(new Locks.Holder(lock), Locks.Lease.class);
    }

    private TypedClient client() {
        return new TypedClient(cluster.get());
    }
}
