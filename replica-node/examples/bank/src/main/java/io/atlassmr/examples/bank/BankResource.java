package io.atlassmr.examples.bank;

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

/** The bank over HTTP. */
@Path("/v1/bank")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class BankResource {

    private final ClusterClient cluster;

    @Inject
    BankResource(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /** Opens an account. */
    @POST
    @Path("/accounts")
    public CompletionStage<Bank.Balance> open(Bank.Open request) {
        return client().ordered(request, Bank.Balance.class);
    }

    /** Moves money. */
    @POST
    @Path("/transfers")
    public CompletionStage<Bank.Balance> transfer(Bank.Transfer request) {
        return client().ordered(request, Bank.Balance.class);
    }

    /** What an account holds. */
    @GET
    @Path("/accounts/{account}")
    public CompletionStage<Bank.Balance> balance(@PathParam("account") String account) {
        return client().unordered(new Bank.BalanceOf(account), Bank.Balance.class);
    }

    /** All the money there is. */
    @GET
    @Path("/total")
    public CompletionStage<Bank.Sum> total() {
        return client().unordered(new Bank.Total(), Bank.Sum.class);
    }

    private TypedClient client() {
        return new TypedClient(cluster.get());
    }
}
