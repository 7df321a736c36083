package io.atlassmr.cli.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.cli.http.BoundedHttp;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.client.ClusterDescription.Member;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.transport.Admission;
import io.atlassmr.transport.IdentityTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Asks replicas' admin APIs, over TLS with both sides' identities: each replica has to prove the key that the cluster file gives
 * it. Thread-safe.
 */
public final class AdminClient implements AutoCloseable {

    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(1);
    private static final int MAX_SHOWN_BODY = 300;
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

    private final X509ExtendedKeyManager keys;
    private final Duration timeout;
    private final Map<Endpoint, HttpClient> clients = new ConcurrentHashMap<>();

    /**
     * @param identity who asks; replicas answer their administrators alone
     * @param timeout how long an answer may take
     */
    public AdminClient(Signer identity, Duration timeout) {
        this.keys = IdentityTls.keyManager(identity, CERTIFICATE_LIFETIME.toMillis());
        this.timeout = timeout;
    }

    private record Endpoint(int id, IdentityKey key) {}

    /** What the replica says; fails with an {@link IOException} if it says nothing sensible in time. */
    public CompletableFuture<AdminStatus> status(Member member) {
        return answer(member, get(member, "status"), AdminStatus.class);
    }

    /** What the replica can prove against members. */
    public CompletableFuture<ReplicaEvidence> evidence(Member member) {
        return answer(member, get(member, "evidence"), ReplicaEvidence.class);
    }

    /** A proof with what is needed to check it, as the replica gives it. */
    public CompletableFuture<JsonNode> proof(Member member, String id) {
        return answer(member, get(member, "evidence/" + id), JsonNode.class);
    }

    /**
     * Asks the replica to bring a checkpoint about soon; the decision that it has to reach. Fails with an {@link IOException} if
     * the replica does not take the wish.
     */
    public CompletableFuture<Long> wantCheckpoint(Member member) {
        HttpRequest request = HttpRequest.newBuilder(uri(member, "checkpoint"))
                .POST(BodyPublishers.noBody())
                .build();
        return answer(member, request, WantedCheckpoint.class).thenApply(WantedCheckpoint::wantedSequenceNumber);
    }

    /** The state digests that the replica remembers of so many decisions from this one on. */
    CompletableFuture<DigestRange> digests(Member member, long first, int count) {
        return answer(member, get(member, "digests?first=" + first + "&count=" + count), DigestRange.class);
    }

    /** What the replica says of its checkpoints. */
    public CompletableFuture<CheckpointsAnswer> checkpoints(Member member) {
        return answer(member, get(member, "checkpoints"), CheckpointsAnswer.class);
    }

    /** What the replica says of the members. */
    public CompletableFuture<MembershipAnswer> membership(Member member) {
        return answer(member, get(member, "membership"), MembershipAnswer.class);
    }

    /** The decisions that the replica has that began epochs, from this one on. */
    public CompletableFuture<EpochLinksAnswer> epochs(Member member, long from) {
        return answer(member, get(member, "epochs?from=" + from), EpochLinksAnswer.class);
    }

    /** What the replica says became of a command. */
    public CompletableFuture<ReconfigurationAnswer> reconfiguration(Member member, String command) {
        return answer(member, get(member, "reconfigurations/" + command), ReconfigurationAnswer.class);
    }

    /** Gives the replica a command, to have it decided. */
    public CompletableFuture<ReconfigurationAnswer> reconfigure(Member member, SignedCommand command) {
        String text = Base64.getEncoder().encodeToString(CommandCodec.toBytes(command));
        return answer(member, post(member, "reconfigurations", Map.of("command", text)), ReconfigurationAnswer.class);
    }

    /** Has the replica make a new key and change to it. */
    public CompletableFuture<ReconfigurationAnswer> rotateKey(Member member, long expectedEpoch) {
        return answer(
                member,
                post(member, "key-rotation", Map.of("expectedEpoch", expectedEpoch)),
                ReconfigurationAnswer.class);
    }

    /**
     * Has the replica leave leading and clients to others.
     *
     * @param leave whether it is to wish to be removed from the members, too
     */
    public CompletableFuture<DrainAnswer> drain(Member member, boolean leave, long expectedEpoch) {
        return answer(
                member,
                post(member, "drain", Map.of("leave", leave, "expectedEpoch", expectedEpoch)),
                DrainAnswer.class);
    }

    /** How far the replica is with that. */
    public CompletableFuture<DrainAnswer> drainState(Member member) {
        return answer(member, get(member, "drain"), DrainAnswer.class);
    }

    /** Has the replica lead and serve clients again. */
    public CompletableFuture<DrainAnswer> resume(Member member) {
        return answer(member, post(member, "resume", Map.of()), DrainAnswer.class);
    }

    private static HttpRequest get(Member member, String path) {
        return HttpRequest.newBuilder(uri(member, path)).build();
    }

    private static HttpRequest post(Member member, String path, Object body) {
        return HttpRequest.newBuilder(uri(member, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Output.toJson(body)))
                .build();
    }

    private static URI uri(Member member, String path) {
        return URI.create("https://" + member.host() + ":" + member.adminPort() + "/admin/v1/" + path);
    }

    /** Why an answer failed, for a person. */
    public static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record WantedCheckpoint(long wantedSequenceNumber) {}

    private <T> CompletableFuture<T> answer(Member member, HttpRequest request, Class<T> type) {
        return BoundedHttp.send(client(member), request, BodyHandlers.ofString(), timeout)
                .thenCompose(response -> parse(member, response, type));
    }

    private static <T> CompletableFuture<T> parse(Member member, HttpResponse<String> response, Class<T> type) {
        try {
            if (response.statusCode() != 200 && response.statusCode() != 202) {
                String body = response.body();
                throw new IOException("replica " + member.id() + " answered " + response.statusCode() + " "
                        + body.substring(0, Math.min(body.length(), MAX_SHOWN_BODY)));
            }
            return CompletableFuture.completedFuture(JSON.readValue(response.body(), type));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** One for each member, because each connection believes one key. */
    private HttpClient client(Member member) {
        return clients.computeIfAbsent(
                new Endpoint(member.id(), IdentityKey.of(member.publicKey())),
                endpoint -> BoundedHttp.client(timeout)
                        .sslContext(IdentityTls.context(keys, Admission.only(endpoint.key())))
                        .build());
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
    }
}
