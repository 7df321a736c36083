package io.atlassmr.simulation.replica;

import io.atlassmr.simulation.time.VirtualTime;

/** Tells a machine some time later that a peer was started or died. */
public final class PeerConnection implements Machine.Watcher {

    private static final long CONNECT_MICROS = 3_000;
    private static final long NOTICE_MICROS = 10_000;

    private final VirtualTime time;
    private final Machine machine;

    public PeerConnection(VirtualTime time, Machine machine) {
        this.time = time;
        this.machine = machine;
    }

    @Override
    public void onUp(Machine peer) {
        var _ = time.schedule(CONNECT_MICROS, () -> machine.onPeerConnected(peer.id(), true));
    }

    @Override
    public void onDown(Machine peer) {
        var _ = time.schedule(NOTICE_MICROS, () -> {
            machine.onPeerConnected(peer.id(), false);
            if (peer.isRunning()) {
                machine.onPeerConnected(peer.id(), true);
            }
        });
    }
}
