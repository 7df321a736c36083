package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.simulation.check.Referee;
import io.atlassmr.simulation.identity.SignatureRegistry;
import io.atlassmr.simulation.network.SimulatedNetwork;
import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.scenario.Seams;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import java.util.Map;

/**
 * What all machines of a run share.
 *
 * @param membership of the first epoch
 * @param initial what the members agree on before the first decision
 * @param clients the node of each honest client
 * @param clientsByNode who is at each node, honest or not
 */
public record World(
        Scenario scenario,
        Seams seams,
        VirtualTime time,
        Trace trace,
        SimulatedNetwork network,
        SignatureRegistry signatures,
        Membership membership,
        ReconfigurationState initial,
        Referee referee,
        Map<ClientId, Integer> clients,
        Map<Integer, ClientId> clientsByNode) {}
