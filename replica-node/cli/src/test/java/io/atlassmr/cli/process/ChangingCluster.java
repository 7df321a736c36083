package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.AtlasProcess;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.process.PortCheck;
import io.atlassmr.cli.cluster.process.Readiness;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.cli.membership.ChainReader;
import io.atlassmr.cli.membership.MembershipChange;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A cluster of processes whose members change, clients that knew the first ones, and who compares what there is after each change. */
final class ChangingCluster implements AutoCloseable {

    private static final int LANES = 2;
    private static final int CLIENTS = 2;
    private static final int REGISTER_CLIENTS = 3;
    private static final long ENDLESS = 100_000_000;
    private static final long CONNECT_MILLIS = 30_000;
    private static final long TIMEOUT_SECONDS = 120;

    private final Path temporary;
    private final LocalCluster cluster;
    private final ClientFleet fleet;
    private final AdminClient admin;
    private final MembershipChange change;
    private final Workload workload;
    private final List<AtlasClient> registerClients;
    private CompletableFuture<Void> load;
    private RegisterLoad registers;
    private int commands;

    private ChangingCluster(Path temporary, LocalCluster cluster) throws InterruptedException {
        this.temporary = temporary;
        this.cluster = cluster;
        this.fleet = new ClientFleet(cluster.directory().genesis(), 2, 1);
        this.admin = new AdminClient(cluster.directory().clientIdentity(), Duration.ofSeconds(10));
        this.change = new MembershipChange(cluster.processes(), admin);
        this.workload = new Workload(
                fleet.open(CLIENTS, ClientOptions.defaults().withMaxOutstanding(LANES), CONNECT_MILLIS), LANES);
        this.registerClients = fleet.open(REGISTER_CLIENTS, ClientOptions.defaults(), CONNECT_MILLIS);
    }

    /**
     * Starts four replicas.
     *
     * @param ids how many ids there may be in all
     */
    static ChangingCluster up(Path temporary, int ids) throws Exception {
        Path directory = temporary.resolve("cluster");
        int basePort = PortCheck.freeBasePort(ids, RandomGenerator.getDefault()).orElseThrow();
        AtlasRun up = AtlasRun.of("up", "--base-port", String.valueOf(basePort), "--dir", directory.toString());
        assertEquals(0, up.exitCode(), up::toString);
        return new ChangingCluster(temporary, LocalCluster.open(directory, AtlasRun.installation()));
    }

    private String[] here(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", cluster.directory().root().toString(), "--json"));
        return all.toArray(String[]::new);
    }

    /** Runs a command to its end. */
    AtlasRun atlas(String... arguments) {
        return AtlasRun.of(here(arguments));
    }

    /** Starts a command. */
    AtlasProcess command(String... arguments) throws Exception {
        return AtlasProcess.start(temporary.resolve("command-" + ++commands + ".txt"), here(arguments));
    }

    /** The members, as the chain of epochs proves them. */
    List<Integer> members() {
        return ids(change.refresh());
    }

    long epoch() {
        return change.refresh().epoch();
    }

    /** Whether the members let this replica ask to join. */
    boolean isAdmitted(int id) {
        return change.admissions().stream()
                .anyMatch(admission -> admission.newcomer().id() == id);
    }

    private static List<Integer> ids(ClusterDescription members) {
        return members.members().stream().map(Member::id).toList();
    }

    /** The id that a command gives to the next replica that it makes. */
    int nextId() {
        return cluster.directory().everyone().getLast() + 1;
    }

    boolean kill(int id) {
        return cluster.processes().kill(id);
    }

    void start(int id) {
        ProcessHandle _ = cluster.processes().start(id);
    }

    /** Starts the members that do not run. */
    void startMembers() {
        members().stream()
                .filter(id -> cluster.processes().process(id).isEmpty())
                .forEach(this::start);
    }

    /** Puts load on it: writes whose loss would be seen, and operations of which a history is kept. */
    void startLoad(String name) {
        load = workload.start(ENDLESS);
        registers = RegisterLoad.start(name, registerClients);
    }

    /** How many operations of all kinds have been acknowledged. */
    long acknowledged() {
        return workload.acknowledged() + registers.answered();
    }

    /** Whether a process of this replica runs. */
    boolean runs(int id) {
        return cluster.processes().process(id).isPresent();
    }

    /** Listens for what replicas say from now on. */
    Listener listen(String words) throws IOException {
        Map<Path, Long> read = new HashMap<>();
        for (int id : cluster.directory().everyone()) {
            Path log = cluster.directory().logFile(id);
            read.put(log, Files.exists(log) ? Files.size(log) : 0);
        }
        return new Listener(words, read);
    }

    /** Whether a replica has said certain words since it was made. */
    record Listener(String words, Map<Path, Long> from) {

        boolean hasHeard() throws IOException {
            for (Map.Entry<Path, Long> log : from.entrySet()) {
                try (InputStream said = Files.newInputStream(log.getKey())) {
                    said.skipNBytes(log.getValue());
                    if (new String(said.readAllBytes(), StandardCharsets.UTF_8).contains(words)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    /** Ends the load; then all members have to be in the same epoch with the same state, and nothing may be missing in it. */
    void endLoadAndCompare(String what) throws Exception {
        stopStrangers();
        long before = acknowledged();
        Readiness readiness = new Readiness(cluster.processes());
        readiness.await(members(), Duration.ofSeconds(TIMEOUT_SECONDS), _ -> {});
        workload.acknowledgedReaches(workload.acknowledged() + 2L * CLIENTS * LANES)
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        workload.stop();
        assertTrue(registers.endLinearizable(TIMEOUT_SECONDS) > 0, what);
        load.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertTrue(acknowledged() > before, what);
        int _ = workload.readBack().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        Convergence convergence = new Convergence(cluster.processes(), admin);
        var _ = convergence.await(Duration.ofSeconds(TIMEOUT_SECONDS));
        assertEquals(0, workload.lost(), what);
        assertEquals(0, workload.duplicated(), what);
        assertTrue(convergence.diverged().isEmpty(), () -> what + ": diverged " + convergence.diverged());
        requireOneMembership(what);
    }

    private void requireOneMembership(String what) {
        ClusterDescription now = change.refresh();
        for (Member member : cluster.directory().cluster().members()) {
            ClusterDescription proven = ChainReader.follow(cluster.directory().genesis(), member, admin);
            assertEquals(ids(now), ids(proven), () -> what + ": what replica " + member.id() + " proves");
            assertEquals(now.epoch(), proven.epoch(), () -> what + ": what replica " + member.id() + " proves");
            assertEquals(now.epoch(), status(member).epoch(), () -> what + ": where replica " + member.id() + " is");
        }
    }

    private AdminStatus status(Member member) {
        try {
            return admin.status(member).join();
        } catch (CompletionException e) {
            throw new AssertionError("replica " + member.id() + " does not say where it is", e);
        }
    }

    /** Ends those who run and are no members. */
    private void stopStrangers() {
        List<Integer> members = members();
        List<Integer> strangers =
                cluster.running().stream().filter(id -> !members.contains(id)).toList();
        List<Integer> _ = cluster.processes().stop(strangers, Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        fleet.close();
        admin.close();
        AtlasRun down = atlas("down", "--delete-data");
        assertEquals(0, down.exitCode(), down::toString);
    }
}
