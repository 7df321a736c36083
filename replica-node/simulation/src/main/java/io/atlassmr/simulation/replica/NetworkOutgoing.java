package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.runtime.port.TrafficClass;

/** Sends frames as they are. */
final class NetworkOutgoing implements Outgoing {

    private final World world;
    private final Machine machine;

    NetworkOutgoing(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    @Override
    public void send(int to, TrafficClass trafficClass, byte[] frame) {
        world.network().send(machine.id(), to, trafficClass, frame);
    }

    @Override
    public void sendToAll(TrafficClass trafficClass, byte[] frame) {
        for (int peer : machine.process().roster().peersOf(machine.id())) {
            send(peer, trafficClass, frame);
        }
    }

    @Override
    public void sendToClient(ClientId clientId, byte[] frame) {
        Integer node = world.clients().get(clientId);
        if (node != null) {
            world.network().send(machine.id(), node, frame);
        }
    }
}
