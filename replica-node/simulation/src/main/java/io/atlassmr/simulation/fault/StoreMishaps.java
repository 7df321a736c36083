package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Loses and damages what machines wrote, and disturbs transfers of state. A replica that has forgotten what it said is as bad as
 * one that lies: never do more than f lie or have forgotten.
 */
final class StoreMishaps {

    static final Set<FaultKind> KINDS = EnumSet.range(FaultKind.WIPED_DISK, FaultKind.FULL_DISK_IN_TRANSFER);

    private static final List<RecordFamily> LOG =
            List.of(RecordFamily.DECISIONS, RecordFamily.BATCHES, RecordFamily.VOTES, RecordFamily.VIEWS);
    private static final long MEAN_FULL_MICROS = 1_500_000;
    private static final int MOST_CONTENTS_BEFORE = 12;

    private final World world;
    private final List<Machine> machines;
    private final SplittableRandom random;
    private final Occurrences occurrences;
    private final Consumer<Machine> restart;

    /**
     * @param restart starts a machine some time later
     */
    StoreMishaps(
            World world,
            List<Machine> machines,
            SplittableRandom random,
            Occurrences occurrences,
            Consumer<Machine> restart) {
        this.world = world;
        this.machines = machines;
        this.random = random;
        this.occurrences = occurrences;
        this.restart = restart;
    }

    void happen(FaultKind kind, Machine victim) {
        switch (kind) {
            case WIPED_DISK -> wipe(victim);
            case CORRUPT_LOG -> {
                RecordFamily family = LOG.get(random.nextInt(LOG.size()));
                damage(kind, victim, () -> victim.disk().damage(family, random) >= 0);
            }
            case CORRUPT_SNAPSHOT -> damage(kind, victim, () -> victim.files().damageNewest(random));
            case CORRUPT_CERTIFICATE ->
                damage(kind, victim, () -> victim.disk().damageLast(RecordFamily.CHECKPOINTS, random) >= 0);
            case CRASH_IN_TRANSFER ->
                inNextTransfers(kind, machine -> {
                    boolean powerFails = world.scenario().faults().contains(FaultKind.POWER_FAILURE);
                    machine.crash(powerFails);
                    restart.accept(machine);
                });
            case FULL_DISK_IN_TRANSFER ->
                inNextTransfers(kind, machine -> {
                    machine.files().setFull(true);
                    var _ = world.time()
                            .schedule(
                                    Streams.exponential(random, MEAN_FULL_MICROS),
                                    () -> machine.files().setFull(false));
                });
            default -> throw new IllegalStateException(kind + " is no mishap of a store");
        }
    }

    private void happened(FaultKind kind, Machine machine) {
        occurrences.add(kind);
        world.trace().record(machine.id(), TraceEvent.FAULT, kind.name().hashCode(), 0, () -> kind);
    }

    /** How many more may forget. */
    private int room() {
        long forgetful = machines.stream()
                .filter(machine -> world.referee().isHonest(machine.id()) && !machine.remembers())
                .count();
        return new Quorum(world.scenario().replicas()).f()
                - world.scenario().liars().size()
                - (int) forgetful;
    }

    private boolean mayForget(Machine machine) {
        return !world.referee().isHonest(machine.id()) || !machine.remembers() || room() > 0;
    }

    private void wipe(Machine first) {
        int most = 1 + random.nextInt(Math.max(1, room()));
        List<Machine> victims = new ArrayList<>();
        for (int i = 0; i < machines.size() && victims.size() < most; i++) {
            Machine victim = machines.get((first.id() + i) % machines.size());
            if (mayForget(victim)) {
                happened(FaultKind.WIPED_DISK, victim);
                victim.wipe();
                victims.add(victim);
            }
        }
        victims.forEach(restart);
    }

    private interface Damage {
        boolean happens();
    }

    private void damage(FaultKind kind, Machine victim, Damage damage) {
        if (!mayForget(victim)) {
            return;
        }
        victim.crash(false);
        if (damage.happens()) {
            happened(kind, victim);
            victim.onDamaged();
        }
        restart.accept(victim);
    }

    private void inNextTransfers(FaultKind kind, Consumer<Machine> mishap) {
        for (Machine machine : machines) {
            machine.onTransfer(random.nextInt(MOST_CONTENTS_BEFORE), () -> {
                happened(kind, machine);
                mishap.accept(machine);
            });
        }
    }
}
