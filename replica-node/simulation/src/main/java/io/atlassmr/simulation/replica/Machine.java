package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.storage.SimulatedDisk;
import io.atlassmr.simulation.storage.SimulatedFiles;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What outlives the processes of one replica: its identity, its disk, its clocks, and whether it lies. */
public final class Machine {

    /** Told when the replica can be reached or no longer. */
    public interface Watcher {
        void onUp(Machine machine);

        void onDown(Machine machine);
    }

    private static final long SHORTEST_SYNC_MICROS = 100;
    private static final long MEAN_SYNC_MICROS = 400;

    private final World world;
    private final int id;
    private final SimulatedIdentity identity;
    private final List<SimulatedIdentity> later = new ArrayList<>();
    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final SimulatedFiles files = new SimulatedFiles();
    /** Whether its log is empty because it never ran. */
    private boolean isNew = true;

    private final Outgoing outgoing;
    private final List<Watcher> watchers = new ArrayList<>();
    private Deceit deceit;
    private ReplicaProcess process;
    private int starts;
    private long meanSyncMicros = MEAN_SYNC_MICROS;
    private int writesBeforeCrash = -1;
    private long stateBytesPerSecond = 50_000_000;
    private int contentsBeforeMishap = -1;
    private Runnable mishapInTransfer;
    private boolean remembers = true;
    private final MachineStatistics statistics = new MachineStatistics();

    public Machine(World world, int id, SimulatedIdentity identity, SimulatedClock clock) {
        this.world = world;
        this.id = id;
        this.identity = identity;
        this.clock = clock;
        this.random = Streams.of(world.scenario().seed(), "machine " + id);
        this.outgoing = new NetworkOutgoing(world, this);
        world.network().attach(id, this::onFrame);
    }

    /** Makes the replica a liar. */
    public void deceiveBy(Deceit liar) {
        deceit = liar;
    }

    /** Adds one who wants to know whether the replica can be reached. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** Starts a process, unless one lives. */
    public void start() {
        if (!isUp()) {
            starts++;
            disk.setFull(false);
            writesBeforeCrash = -1;
            process = new ReplicaProcess(world, this, deceit == null ? outgoing : deceit);
            process.start();
        }
    }

    /** Where its checkpoints are. */
    Path checkpoints() {
        return files.checkpoints();
    }

    /** Kills the process and loses all that the replica ever wrote. */
    public void wipe() {
        crash(false);
        world.trace().record(id, TraceEvent.FAULT, 0, 0, () -> "wiped");
        disk.wipe();
        files.wipe();
        isNew = false;
        remembers = false;
        statistics.wipes++;
    }

    /** What was written is damaged: until the replica is whole again it may have forgotten what it said. */
    public void onDamaged() {
        remembers = false;
    }

    /** Whether the replica knows what it said, because it always did or because it has come back since. */
    public boolean remembers() {
        remembers |= isWhole();
        return remembers;
    }

    /** Whether it takes part in everything: it runs, votes, and lacks nothing that it knows of. */
    public boolean isWhole() {
        return isRunning() && process.isWhole();
    }

    boolean isNew() {
        return isNew;
    }

    void onRemembered() {
        isNew = false;
    }

    void onInstalled() {
        statistics.installs++;
    }

    void onCheckpoint() {
        statistics.checkpoints++;
    }

    void onRunning(ReplicaProcess running) {
        if (deceit != null) {
            deceit.attach(running);
        }
        watchers.forEach(watcher -> watcher.onUp(this));
    }

    /** Kills the process; with its power, the machine loses what was not synced. */
    public void crash(boolean powerFails) {
        if (!isUp()) {
            return;
        }
        status().ifPresent(status -> statistics.countCrash(id, status.reconfiguration()));
        process.kill();
        statistics.crashes++;
        SimulatedDisk.PowerFailure lost = new SimulatedDisk.PowerFailure(0, false);
        if (powerFails) {
            lost = disk.failPower(random);
            files.failPower(random);
            statistics.lostWrites += lost.lostWrites();
            statistics.tornWrites += lost.torn() ? 1 : 0;
        }
        world.trace().record(id, TraceEvent.CRASHES, powerFails ? 1 : 0, lost.lostWrites());
        watchers.forEach(watcher -> watcher.onDown(this));
    }

    void onStopped(String why) {
        world.trace().record(id, TraceEvent.FAULT, 0, 0, () -> why);
        crash(false);
    }

    /** Lets the power fail right after so many more writes. */
    public void crashAfterWrites(int writes) {
        writesBeforeCrash = writes;
    }

    void onWritten() {
        if (writesBeforeCrash >= 0 && writesBeforeCrash-- == 0) {
            statistics.crashesAtWrite++;
            crash(true);
        }
    }

    /** Lets something happen in the next transfer, when so many more pages and parts have come; null to let nothing happen. */
    public void onTransfer(int contents, Runnable mishap) {
        contentsBeforeMishap = contents;
        mishapInTransfer = mishap;
    }

    void onContent() {
        if (mishapInTransfer != null && contentsBeforeMishap-- == 0) {
            Runnable mishap = mishapInTransfer;
            mishapInTransfer = null;
            mishap.run();
        }
    }

    /** Lets the process stand still. */
    public void pause(long micros) {
        if (isUp()) {
            world.trace().record(id, TraceEvent.PAUSES, micros, 0);
            process.pause(micros);
        }
    }

    /** Asks the replica to hand over its leadership, because it is to be stopped. */
    public void handOver() {
        if (isUp()) {
            process.handOver();
        }
    }

    /** Tells the process that a peer can be reached, or no longer. */
    public void onPeerConnected(int peer, boolean connected) {
        if (isUp()) {
            process.onPeerConnected(peer, connected);
        }
    }

    /** Sets how many bytes of state the replica gives to its peers in a second. */
    public void setStateBytesPerSecond(long bytes) {
        stateBytesPerSecond = bytes;
    }

    /** How long it takes to give so many bytes of state. */
    long stateMicros(long bytes) {
        return bytes * 1_000_000 / stateBytesPerSecond;
    }

    /** Makes syncs slow, or as fast as usual. */
    public void setSlowDisk(boolean slow) {
        meanSyncMicros = slow ? 100 * MEAN_SYNC_MICROS : MEAN_SYNC_MICROS;
    }

    long drawSyncMicros() {
        return SHORTEST_SYNC_MICROS + Streams.exponential(random, meanSyncMicros);
    }

    private void onFrame(int from, byte[] frame) {
        if (!isUp()) {
            return;
        }
        if (Nodes.isClient(from)) {
            process.onClientFrame(from, world.clientsByNode().get(from), frame);
        } else if (process.knows(from)) {
            if (deceit != null) {
                deceit.overhear(from, frame);
            }
            process.onFrame(from, frame);
        }
    }

    /** Has the replica hear a frame from itself. */
    public void hear(byte[] frame) {
        process.onFrame(id, frame);
    }

    boolean ignores(ClientId clientId) {
        return deceit != null && deceit.ignores(clientId);
    }

    void onRefused(int from, Exception reason) {
        statistics.refusedFrames++;
        ClientId client = world.clientsByNode().get(from);
        if (client == null || world.clients().containsKey(client)) {
            world.referee().onRefused(id, from, reason);
        }
    }

    void onViewInstalled() {
        statistics.installedViews++;
    }

    /** Whether a process lives. */
    public boolean isUp() {
        return process != null && process.isAlive();
    }

    /** Whether a process lives and has recovered. */
    public boolean isRunning() {
        return process != null && process.isRunning();
    }

    /** Where the protocols stand, if they run. */
    public Optional<ReplicaStatus> status() {
        return isRunning() ? Optional.of(process.status()) : Optional.empty();
    }

    /** The newest process; null before the first. */
    public ReplicaProcess process() {
        return process;
    }

    /** The replica's id. */
    public int id() {
        return id;
    }

    /** The replica's key, the first one of those it has. */
    public SimulatedIdentity identity() {
        return identity;
    }

    /** The identity with this public key; the first one if it has no such. */
    public SimulatedIdentity identity(byte[] publicKey) {
        return later.stream()
                .filter(other -> Arrays.equals(other.publicKey(), publicKey))
                .findFirst()
                .orElse(identity);
    }

    /** Has another key from now on, which counts once the members agree that it does. */
    public void add(SimulatedIdentity another) {
        later.add(another);
    }

    /** Gives the replica a command, if it runs. */
    public void submit(SignedCommand command) {
        if (isUp()) {
            process.submit(command);
        }
    }

    /** The machine's clocks. */
    public SimulatedClock clock() {
        return clock;
    }

    /** The machine's disk. */
    public SimulatedDisk disk() {
        return disk;
    }

    /** The machine's files. */
    public SimulatedFiles files() {
        return files;
    }

    /** Sends frames as they are. */
    public Outgoing outgoing() {
        return outgoing;
    }

    /** What happened to the machine. */
    public MachineStatistics statistics() {
        return statistics;
    }

    SplittableRandom random() {
        return random;
    }

    int starts() {
        return starts;
    }
}
