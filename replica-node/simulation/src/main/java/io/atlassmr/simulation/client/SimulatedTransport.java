package io.atlassmr.simulation.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.simulation.check.Referee;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.network.SimulatedNetwork;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.wire.v1.ClientMessage;
import java.util.TreeSet;

/** A client's connections over the simulated network. A replica that dies is noticed some time later. */
final class SimulatedTransport implements ClientTransport, Machine.Watcher {

    private static final long CONNECT_MICROS = 2_000;
    private static final long NOTICE_MICROS = 10_000;

    private final VirtualTime time;
    private final SimulatedNetwork network;
    private final int node;
    private final Referee referee;
    private final TreeSet<Integer> connected = new TreeSet<>();
    private Listener listener;

    SimulatedTransport(World world, int node) {
        this.time = world.time();
        this.network = world.network();
        this.referee = world.referee();
        this.node = node;
    }

    @Override
    public void start(Listener whoListens) {
        listener = whoListens;
        network.attach(node, this::onFrame);
    }

    /** It is connected to all machines. */
    @Override
    public void follow(ClusterDescription later) {}

    private void onFrame(int from, byte[] frame) {
        if (listener != null) {
            listener.onFrame(from, frame);
        }
    }

    @Override
    public boolean send(int replicaId, byte[] frame) {
        if (listener == null || !connected.contains(replicaId)) {
            return false;
        }
        noteRequest(frame);
        network.send(node, replicaId, frame);
        return true;
    }

    private void noteRequest(byte[] frame) {
        try {
            ClientMessage message = ClientMessage.parseFrom(frame);
            if (message.hasOrdered()) {
                referee.onRequested(Sha256.of(message.getOrdered().getPayload().toByteArray()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("a client sends what is no client message", e);
        }
    }

    @Override
    public void onUp(Machine machine) {
        var _ = time.schedule(CONNECT_MICROS, () -> {
            if (listener != null && machine.isRunning() && connected.add(machine.id())) {
                listener.onUp(machine.id());
            }
        });
    }

    @Override
    public void onDown(Machine machine) {
        var _ = time.schedule(NOTICE_MICROS, () -> {
            if (listener != null && connected.remove(machine.id())) {
                listener.onDown(machine.id());
            }
            if (machine.isRunning()) {
                onUp(machine);
            }
        });
    }

    @Override
    public void close() {
        listener = null;
    }
}
