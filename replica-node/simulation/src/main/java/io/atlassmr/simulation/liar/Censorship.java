package io.atlassmr.simulation.liar;

import io.atlassmr.api.ClientId;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.scenario.LieKind;

/** Knows nothing of the first client's requests. */
final class Censorship implements Lie {

    private final Liar liar;

    Censorship(Liar liar) {
        this.liar = liar;
    }

    @Override
    public boolean ignores(ClientId clientId) {
        Integer node = liar.world().clients().get(clientId);
        boolean ignored = node != null && node == Nodes.ofClient(0);
        if (ignored && liar.leads()) {
            liar.lied(LieKind.CENSORSHIP, "of client " + clientId);
        }
        return ignored;
    }
}
