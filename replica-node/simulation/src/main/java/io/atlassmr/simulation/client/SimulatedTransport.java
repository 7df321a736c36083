package io.atlassmr.simulation.client;

import io.atlassmr.client.ClientTransport;
import io.atlassmr.simulation.network.SimulatedNetwork;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.time.VirtualTime;
import java.util.TreeSet;

/** A client's connections over the simulated network. A replica that dies is noticed some time later. */
final class SimulatedTransport implements ClientTransport, Machine.Watcher {

    private static final long CONNECT_MICROS = 2_000;
    private static final long NOTICE_MICROS = 10_000;

    private final VirtualTime time;
    private final SimulatedNetwork network;
    private final int node;
    private final TreeSet<Integer> connected = new TreeSet<>();
    private Listener listener;

    SimulatedTransport(VirtualTime time, SimulatedNetwork network, int node) {
        this.time = time;
        this.network = network;
        this.node = node;
    }

    @Override
    public void start(Listener whoListens) {
        listener = whoListens;
        network.attach(node, this::onFrame);
    }

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
        network.send(node, replicaId, frame);
        return true;
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
