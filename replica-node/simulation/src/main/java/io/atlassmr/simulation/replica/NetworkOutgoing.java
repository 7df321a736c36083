package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.runtime.port.TrafficClass;

/** Sends frames as they are. */
final class NetworkOutgoing implements Outgoing {

    private final World world;
    private final int self;

    NetworkOutgoing(World world, int self) {
        this.world = world;
        this.self = self;
    }

    @Override
    public void send(int to, TrafficClass trafficClass, byte[] frame) {
        world.network().send(self, to, frame);
    }

    @Override
    public void sendToAll(TrafficClass trafficClass, byte[] frame) {
        for (Member member : world.membership().members()) {
            if (member.id() != self) {
                send(member.id(), trafficClass, frame);
            }
        }
    }

    @Override
    public void sendToClient(ClientId clientId, byte[] frame) {
        Integer node = world.clients().get(clientId);
        if (node != null) {
            world.network().send(self, node, frame);
        }
    }
}
