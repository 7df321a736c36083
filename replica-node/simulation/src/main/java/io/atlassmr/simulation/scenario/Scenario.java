package io.atlassmr.simulation.scenario;

import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.transfer.StateAnswers;
import io.atlassmr.simulation.time.Streams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a run is made of; all of it follows from the seed, unless a test says otherwise.
 *
 * @param seed of everything random in the run
 * @param replicas how many there are, n
 * @param liars the replicas that lie, at most f, and how
 * @param durability of all replicas
 * @param state how the replicas' state moves
 * @param faults what may go wrong besides; each for some seeds only, so that a rare mix is not drowned by the others
 * @param faultMillis how long things go wrong, in virtual time
 * @param progressMillis how long after that every client must have its answers and all honest replicas the same state
 */
public record Scenario(
        long seed,
        int replicas,
        SortedMap<Integer, List<LieKind>> liars,
        Durability durability,
        StateKind state,
        ProtocolSettings protocol,
        Workload workload,
        Set<FaultKind> faults,
        long faultMillis,
        long progressMillis) {

    private static final int[] CHECKPOINT_INTERVALS = {16, 16, 20, 40, 1000};
    /** Drawn on their own, so that what is drawn of the others stays what it was. */
    private static final Set<LieKind> LIES_ABOUT_STATE = EnumSet.range(LieKind.CORRUPT_PARTS, LieKind.STALLED_TRANSFER);

    private static final Set<LieKind> LIES_ABOUT_MEMBERS = EnumSet.range(LieKind.UNINVITED_VOTES, LieKind.OLD_QUORUM);

    private static final List<LieKind> LIES =
            List.copyOf(EnumSet.range(LieKind.EQUIVOCATION, LieKind.SELECTIVE_SILENCE));
    private static final Set<FaultKind> FAULTS_OF_STORES =
            EnumSet.range(FaultKind.SLOW_LINK, FaultKind.FULL_DISK_IN_TRANSFER);
    private static final int NEWCOMERS = 3;
    private static final int[] REPLICAS = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 6, 6, 7, 7, 7, 7, 10};
    private static final int[] WINDOWS = {2, 4, 8, 16, 32};
    private static final long[] PROGRESS_TIMEOUTS_MILLIS = {200, 400, 1000};
    private static final long[] REQUEST_TIMEOUTS_MILLIS = {2_000, 6_000, 20_000};

    public Scenario {
        liars = Collections.unmodifiableSortedMap(new TreeMap<>(liars));
        faults = Collections.unmodifiableSet(
                faults.isEmpty() ? EnumSet.noneOf(FaultKind.class) : EnumSet.copyOf(faults));
        if (liars.size() > new Quorum(replicas).f()) {
            throw new IllegalArgumentException(
                    liars.size() + " of " + replicas + " replicas lie, the protocol tolerates fewer");
        }
    }

    /** The scenario of a seed. */
    public static Scenario of(long seed) {
        SplittableRandom random = Streams.of(seed, "scenario");
        int replicas = REPLICAS[random.nextInt(REPLICAS.length)];
        Durability durability = switch (random.nextInt(8)) {
            case 0 -> Durability.RELAXED;
            case 1 -> Durability.NONE;
            default -> Durability.STRICT;
        };
        ProtocolSettings protocol = new ProtocolSettings(
                WINDOWS[random.nextInt(WINDOWS.length)],
                1 + random.nextInt(20),
                random.nextInt(10),
                random.nextInt(4) == 0 ? 8 : 1000,
                CHECKPOINT_INTERVALS[random.nextInt(CHECKPOINT_INTERVALS.length)],
                PROGRESS_TIMEOUTS_MILLIS[random.nextInt(PROGRESS_TIMEOUTS_MILLIS.length)]);
        Workload workload = new Workload(
                2 + random.nextInt(3),
                replicas > 7 ? 20 : 30 + random.nextInt(50),
                1 + random.nextInt(4),
                1 + random.nextInt(6),
                REQUEST_TIMEOUTS_MILLIS[random.nextInt(REQUEST_TIMEOUTS_MILLIS.length)],
                100 + random.nextInt(900),
                random.nextInt(101),
                0);
        Scenario scenario = new Scenario(
                seed,
                replicas,
                drawLiars(replicas, random),
                durability,
                StateKind.MONOLITHIC,
                protocol,
                workload,
                drawFaults(durability, random),
                2_000 + random.nextInt(8_000),
                progressMillis(replicas, protocol));
        return scenario.withTroubledStores(Streams.of(seed, "stores")).withChanges(Streams.of(seed, "membership"));
    }

    /** In some runs the membership changes. */
    private Scenario withChanges(SplittableRandom random) {
        if (random.nextInt(3) > 0) {
            return this;
        }
        EnumSet<FaultKind> moreFaults = EnumSet.of(FaultKind.MEMBERSHIP_CHANGE);
        moreFaults.addAll(faults);
        return new Scenario(
                seed,
                replicas,
                liarsAboutMembers(random),
                durability,
                state,
                protocol,
                workload,
                moreFaults,
                faultMillis,
                progressMillis);
    }

    /** Some liars lie about who is a member, and some are newcomers in place of first members. */
    private SortedMap<Integer, List<LieKind>> liarsAboutMembers(SplittableRandom random) {
        TreeMap<Integer, List<LieKind>> drawn = new TreeMap<>();
        liars.forEach((id, lies) -> {
            List<LieKind> more = new ArrayList<>(lies);
            LIES_ABOUT_MEMBERS.stream().filter(_ -> random.nextInt(3) == 0).forEach(more::add);
            int newcomer = replicas + random.nextInt(NEWCOMERS);
            boolean joins = random.nextInt(4) == 0 && !drawn.containsKey(newcomer);
            drawn.put(joins ? newcomer : id, List.copyOf(more));
        });
        return drawn;
    }

    /** How many replicas there are that are no members at first, and may become some. */
    public int newcomers() {
        return faults.contains(FaultKind.MEMBERSHIP_CHANGE) ? NEWCOMERS : 0;
    }

    /** What has to do with checkpoints and transfers. Fewer liars leave room for replicas that forget. */
    private Scenario withTroubledStores(SplittableRandom random) {
        TreeMap<Integer, List<LieKind>> moreLies = new TreeMap<>(liars);
        if (!moreLies.isEmpty() && random.nextInt(4) == 0) {
            moreLies.pollLastEntry();
        }
        List<LieKind> lies = List.copyOf(LIES_ABOUT_STATE);
        moreLies.replaceAll((_, told) -> {
            List<LieKind> more = new ArrayList<>(told);
            if (random.nextInt(4) > 0) {
                more.add(lies.get(Math.min(random.nextInt(lies.size()), random.nextInt(lies.size()))));
            }
            return List.copyOf(more);
        });
        EnumSet<FaultKind> moreFaults = faults.isEmpty() ? EnumSet.noneOf(FaultKind.class) : EnumSet.copyOf(faults);
        int permille = random.nextInt(500);
        for (FaultKind kind : FAULTS_OF_STORES) {
            if (Streams.chance(random, permille)) {
                moreFaults.add(kind);
            }
        }
        ProtocolSettings settings = protocol;
        if (moreLies.values().stream().anyMatch(told -> told.stream().anyMatch(LIES_ABOUT_STATE::contains))) {
            // So that somebody has to ask them.
            moreFaults.add(FaultKind.LONG_ABSENCE);
            settings = protocol.withCheckpointInterval(CHECKPOINT_INTERVALS[0]);
        }
        StateKind kind = random.nextBoolean() ? StateKind.MONOLITHIC : StateKind.DIVISIBLE;
        return new Scenario(
                seed,
                replicas,
                moreLies,
                durability,
                kind,
                settings,
                workload,
                moreFaults,
                faultMillis,
                progressMillis);
    }

    /** Fewest signatures of a proposal that are left to others to check; 0 for none. */
    public int vouchFromSignatures() {
        return Streams.of(seed, "vouching").nextInt(4);
    }

    /** Most bytes of parts in one frame: often so few that each part has its own, so that a transfer has many steps. */
    public int maxPartsBytes() {
        return seed % 4 == 0 ? StateAnswers.MAX_PARTS_BYTES : 1;
    }

    private static SortedMap<Integer, List<LieKind>> drawLiars(int replicas, SplittableRandom random) {
        int most = new Quorum(replicas).f();
        int count = random.nextInt(4) == 0 ? 0 : random.nextInt(3) == 0 ? 1 + random.nextInt(most) : most;
        TreeMap<Integer, List<LieKind>> liars = new TreeMap<>();
        while (liars.size() < count) {
            List<LieKind> lies = new ArrayList<>();
            int kinds = 1 + random.nextInt(3);
            while (lies.size() < kinds) {
                LieKind lie = LIES.get(random.nextInt(LIES.size()));
                if (!lies.contains(lie)) {
                    lies.add(lie);
                }
            }
            // Low ids lead first, so that most liars get to lead.
            int id = random.nextInt(3) == 0 ? random.nextInt(replicas) : random.nextInt(Math.min(replicas, count + 1));
            liars.putIfAbsent(id, List.copyOf(lies));
        }
        return liars;
    }

    private static Set<FaultKind> drawFaults(Durability durability, SplittableRandom random) {
        EnumSet<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
        int permille = 100 + random.nextInt(600);
        for (FaultKind kind : EnumSet.range(FaultKind.LOSS, FaultKind.LYING_CLIENT)) {
            boolean drawn = Streams.chance(random, permille);
            boolean needsSync = kind == FaultKind.POWER_FAILURE || kind == FaultKind.CRASH_AT_WRITE;
            if (drawn && (durability == Durability.STRICT || !needsSync)) {
                faults.add(kind);
            }
        }
        return faults;
    }

    /**
     * Some leaders in a row may lie, and each may take the time of an overdue request and of a view that is not opened. Runs
     * take a tenth of this.
     */
    private static long progressMillis(int replicas, ProtocolSettings protocol) {
        int leaders = 1 + 2 * new Quorum(replicas).f();
        return 5_000 + leaders * (protocol.requestTimeoutMillis() + protocol.maxViewTimeoutMillis());
    }

    /** How a replica executes operations; drawn for each on its own, because what comes out must be the same. */
    public ExecutionModel executionModel(int replica) {
        ExecutionModel[] models = ExecutionModel.values();
        return models[Streams.of(seed, "execution " + replica).nextInt(models.length)];
    }

    /** The scenario with other replicas, all honest. */
    public Scenario withReplicas(int count) {
        return new Scenario(
                seed,
                count,
                new TreeMap<>(),
                durability,
                state,
                protocol,
                workload,
                faults,
                faultMillis,
                progressMillis(count, protocol));
    }

    /** The scenario with one liar more. */
    public Scenario withLiar(int replica, LieKind... lies) {
        TreeMap<Integer, List<LieKind>> more = new TreeMap<>(liars);
        more.put(replica, List.of(lies));
        return new Scenario(
                seed, replicas, more, durability, state, protocol, workload, faults, faultMillis, progressMillis);
    }

    /** The scenario without liars. */
    public Scenario withoutLiars() {
        return new Scenario(
                seed,
                replicas,
                new TreeMap<>(),
                durability,
                state,
                protocol,
                workload,
                faults,
                faultMillis,
                progressMillis);
    }

    /** The scenario with these faults alone. */
    public Scenario withFaults(FaultKind... kinds) {
        return new Scenario(
                seed,
                replicas,
                liars,
                durability,
                state,
                protocol,
                workload,
                Set.of(kinds),
                faultMillis,
                progressMillis);
    }

    /** The scenario with another durability. */
    public Scenario withDurability(Durability other) {
        return new Scenario(
                seed, replicas, liars, other, state, protocol, workload, faults, faultMillis, progressMillis);
    }

    /** The scenario with a state that moves in another way. */
    public Scenario withState(StateKind other) {
        return new Scenario(
                seed, replicas, liars, durability, other, protocol, workload, faults, faultMillis, progressMillis);
    }

    /** The scenario with other settings of the protocols. */
    public Scenario withProtocol(ProtocolSettings other) {
        return new Scenario(
                seed,
                replicas,
                liars,
                durability,
                state,
                other,
                workload,
                faults,
                faultMillis,
                progressMillis(replicas, other));
    }

    /** The scenario with another load, which goes on for at most this long. */
    public Scenario withWorkload(Workload other, long millis) {
        return new Scenario(seed, replicas, liars, durability, state, protocol, other, faults, millis, progressMillis);
    }
}
