package io.atlassmr.simulation.lies.leading;

import io.atlassmr.api.ClientId;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.scenario.LieKind;

/** Knows nothing of the first client's requests. */
public final class Censorship implements Lie {

    private final Liar liar;

    public Censorship(Liar liar) {
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
