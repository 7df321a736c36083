package io.atlassmr.cli.cluster.process;

import io.atlassmr.admin.http.BoundedHttp;
import io.atlassmr.cli.CommandException;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for replicas to say, on their management ports, that they are ready: caught up and voting. */
public final class Readiness {

    private static final long POLL_MILLIS = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int LOG_LINES = 8;

    private final ReplicaProcesses processes;

    public Readiness(ReplicaProcesses processes) {
        this.processes = processes;
    }

    /** How long so many replicas may take to start on a small machine. */
    public static Duration startTimeout(int replicas) {
        return Duration.ofSeconds(60 + 10L * replicas);
    }

    /**
     * Returns when all of them are ready.
     *
     * @param progress told how many are ready so far
     * @throws CommandException if one ends meanwhile, or the time is over; with the end of what it printed
     */
    public void await(List<Integer> ids, Duration timeout, Consumer<Integer> progress) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        TreeSet<Integer> waiting = new TreeSet<>(ids);
        try (HttpClient http = BoundedHttp.client(TIMEOUT).build()) {
            while (!waiting.isEmpty()) {
                waiting.removeIf(id -> isReady(http, processes.directory().member(id)));
                progress.accept(ids.size() - waiting.size());
                for (int id : waiting) {
                    if (processes.process(id).isEmpty()) {
                        throw new CommandException(
                                "replica " + id + " ended instead of getting ready. The end of its log "
                                        + processes.directory().logFile(id) + ":\n" + tail(id));
                    }
                }
                if (!waiting.isEmpty() && System.nanoTime() - deadlineNanos >= 0) {
                    throw new CommandException("replicas " + waiting + " are not ready after " + timeout.toSeconds()
                            + " s; they go on starting. The end of the log of replica " + waiting.first() + " in "
                            + processes.directory().logFile(waiting.first()) + ":\n" + tail(waiting.first()));
                }
                if (!waiting.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting for replicas " + waiting, e);
        }
    }

    private String tail(int id) {
        return String.join("\n", processes.lastLines(id, LOG_LINES)).indent(4).stripTrailing();
    }

    private static boolean isReady(HttpClient http, Member member) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + member.host() + ":" + member.managementPort() + "/q/health/ready"))
                .build();
        try {
            HttpResponse<String> answer = BoundedHttp.ask(http, request, BodyHandlers.ofString(), TIMEOUT);
            // It votes, and does not serve because somebody asked it not to.
            return answer.statusCode() == 200 || answer.body().contains("\"DRAINING\"");
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
