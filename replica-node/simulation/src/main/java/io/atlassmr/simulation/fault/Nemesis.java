package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.simulation.client.SimulatedClient;
import io.atlassmr.simulation.network.Nodes;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.ProtocolSettings;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lets things go wrong until it heals all: a change of the network's weather now and then, and mishaps of machines. */
public final class Nemesis {

    private static final long MEAN_WEATHER_MICROS = 800_000;
    private static final long MEAN_MISHAP_MICROS = 500_000;
    private static final long MEAN_DOWN_MICROS = 600_000;
    private static final long MEAN_ABSENCE_MICROS = 3_000_000;
    private static final long GRACE_MICROS = 300_000;
    private static final long MEAN_PAUSE_MICROS = 300_000;
    private static final long SAFE_SKEW_MILLIS = ProtocolSettings.MAX_CLOCK_SKEW_MILLIS / 3;

    private final World world;
    private final List<Machine> machines;
    private final List<SimulatedClient> clients;
    private final SplittableRandom random;
    private final NetworkWeather weather;
    private final StoreMishaps stores;
    private final Occurrences occurrences;
    private final List<FaultKind> mishaps = new ArrayList<>();
    private final PolicyChanges policies;
    private MembershipChanges changes;
    private boolean over;

    public Nemesis(World world, List<Machine> machines, List<SimulatedClient> clients, Occurrences occurrences) {
        this.world = world;
        this.machines = machines;
        this.clients = clients;
        this.random = Streams.of(world.scenario().seed(), "nemesis");
        this.occurrences = occurrences;
        List<Integer> nodes = new ArrayList<>();
        machines.forEach(machine -> nodes.add(machine.id()));
        for (int i = 0; i < clients.size(); i++) {
            nodes.add(Nodes.ofClient(i));
        }
        this.weather = new NetworkWeather(
                world.network(), random, nodes, world.scenario().faults(), occurrences);
        this.stores = new StoreMishaps(world, machines, random, occurrences, this::restartLater);
        Administrator administrator = new Administrator(world);
        this.policies = new PolicyChanges(world, machines, administrator);
        for (FaultKind kind : world.scenario().faults()) {
            switch (kind) {
                case CRASH,
                        POWER_FAILURE,
                        CRASH_AT_WRITE,
                        TOTAL_OUTAGE,
                        CLOCK_JUMP,
                        PAUSE,
                        DISK_FULL,
                        SLOW_DISK,
                        ORDERLY_STOP,
                        DRAIN,
                        CHECKPOINT_POLICY,
                        CLIENT_RESTART,
                        LONG_ABSENCE,
                        WIPED_DISK,
                        CORRUPT_LOG,
                        CORRUPT_SNAPSHOT,
                        CORRUPT_CERTIFICATE,
                        CRASH_IN_TRANSFER,
                        FULL_DISK_IN_TRANSFER -> mishaps.add(kind);
                case MEMBERSHIP_CHANGE -> changes = new MembershipChanges(world, machines, occurrences, administrator);
                case LOSS,
                        DELAY,
                        DUPLICATION,
                        REORDERING,
                        PARTITION,
                        ONE_WAY_PARTITION,
                        ISOLATED_LEADER,
                        CLOCK_SKEW,
                        LYING_CLIENT,
                        SLOW_LINK -> {}
            }
        }
    }

    /** Begins. */
    public void start() {
        if (world.scenario().faults().contains(FaultKind.CLOCK_SKEW)) {
            occurrences.add(FaultKind.CLOCK_SKEW);
        }
        changeWeather();
        if (!mishaps.isEmpty()) {
            nextMishap();
        }
        if (changes != null) {
            changes.start();
        }
    }

    /** Ends all faults. Clocks that were far off are set; small errors and liars stay. */
    public void heal() {
        over = true;
        if (changes != null) {
            changes.stop();
        }
        world.trace().record(Nodes.WORLD, TraceEvent.HEALS, 0, 0);
        world.network().heal();
        for (Machine machine : machines) {
            machine.setSlowDisk(false);
            machine.disk().setFull(false);
            machine.crashAfterWrites(-1);
            machine.files().setFull(false);
            machine.onTransfer(0, null);
            machine.start();
            machine.drain(false);
            long offset = machine.clock().wallOffsetMillis();
            machine.clock().setWallOffsetMillis(Math.clamp(offset, -SAFE_SKEW_MILLIS, SAFE_SKEW_MILLIS));
        }
    }

    private void changeWeather() {
        var _ = world.time().schedule(Streams.exponential(random, MEAN_WEATHER_MICROS), () -> {
            if (!over) {
                weather.change(leader());
                changeWeather();
            }
        });
    }

    private void nextMishap() {
        var _ = world.time().schedule(Streams.exponential(random, MEAN_MISHAP_MICROS), () -> {
            if (!over) {
                FaultKind kind = mishaps.get(random.nextInt(mishaps.size()));
                happen(kind, machines.get(random.nextInt(3) == 0 ? leader() : random.nextInt(machines.size())));
                nextMishap();
            }
        });
    }

    private void happen(FaultKind kind, Machine victim) {
        if (StoreMishaps.KINDS.contains(kind)) {
            stores.happen(kind, victim);
            return;
        }
        occurrences.add(kind);
        world.trace().record(victim.id(), TraceEvent.FAULT, kind.name().hashCode(), 0, () -> kind);
        switch (kind) {
            case CRASH -> {
                victim.crash(false);
                restartLater(victim);
            }
            case POWER_FAILURE -> {
                victim.crash(true);
                restartLater(victim);
            }
            case CRASH_AT_WRITE -> {
                victim.crashAfterWrites(random.nextInt(10));
                restartLater(victim);
            }
            case TOTAL_OUTAGE -> totalOutage();
            case CLOCK_JUMP -> jump(victim);
            case PAUSE -> victim.pause(Streams.exponential(random, MEAN_PAUSE_MICROS));
            case DISK_FULL -> {
                victim.disk().setFull(true);
                restartLater(victim);
            }
            case SLOW_DISK -> {
                victim.setSlowDisk(true);
                later(() -> victim.setSlowDisk(false));
            }
            case ORDERLY_STOP -> stop(victim);
            case DRAIN -> {
                victim.drain(true);
                later(MEAN_ABSENCE_MICROS, () -> victim.drain(false));
            }
            case CHECKPOINT_POLICY -> policies.change();
            case LONG_ABSENCE -> {
                victim.crash(false);
                later(MEAN_ABSENCE_MICROS, victim::start);
            }
            case CLIENT_RESTART -> clients.get(random.nextInt(clients.size())).restart();
            default -> throw new IllegalStateException(kind + " is no mishap of a machine");
        }
    }

    private void stop(Machine victim) {
        victim.handOver();
        var _ = world.time().schedule(GRACE_MICROS, () -> {
            victim.crash(false);
            restartLater(victim);
        });
    }

    private void totalOutage() {
        boolean powerFails = world.scenario().faults().contains(FaultKind.POWER_FAILURE);
        for (Machine machine : machines) {
            machine.crash(powerFails);
            restartLater(machine);
        }
    }

    /** Most clocks stay near each other; one may be far off until all is healed. */
    private void jump(Machine victim) {
        boolean far = victim == machines.getLast() && random.nextInt(3) == 0;
        long most = far ? 20 * SAFE_SKEW_MILLIS : SAFE_SKEW_MILLIS;
        victim.clock().setWallOffsetMillis(random.nextLong(-most, most + 1));
        world.trace().record(victim.id(), TraceEvent.CLOCK, victim.clock().wallOffsetMillis(), 0);
    }

    private void restartLater(Machine machine) {
        later(() -> {
            machine.crashAfterWrites(-1);
            machine.disk().setFull(false);
            machine.start();
        });
    }

    private void later(Runnable action) {
        later(MEAN_DOWN_MICROS, action);
    }

    private void later(long meanMicros, Runnable action) {
        var _ = world.time().schedule(over ? 0 : Streams.exponential(random, meanMicros), action);
    }

    /** Who leads, as far as the replica in the highest view knows. */
    private int leader() {
        ReplicaStatus newest = null;
        for (Machine machine : machines) {
            ReplicaStatus status = machine.status().orElse(null);
            if (status != null && (newest == null || status.view() > newest.view())) {
                newest = status;
            }
        }
        return newest == null ? 0 : newest.leader();
    }
}
