package io.atlassmr.admin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.CheckpointsAnswer;
import io.atlassmr.admin.answer.DigestRange;
import io.atlassmr.admin.answer.DrainAnswer;
import io.atlassmr.admin.answer.EpochLinksAnswer;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.admin.answer.ReconfigurationAnswer;
import io.atlassmr.admin.answer.ReplicaEvidence;
import io.atlassmr.admin.http.BoundedHttp;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Asks replicas' admin APIs, over TLS with both sides' identities: each replica has to prove the key that the cluster file gives
 * it. Thread-safe.
 */
public final class AdminClient implements AutoCloseable {

    private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(1);
    private static final int MAX_SHOWN_BODY = 300;
    private static final int MAX_ANSWER_BYTES = 8 << 20;
    private static final int NONCE_BYTES = 16;
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);

    private final X509ExtendedKeyManager keys;
    private final Duration timeout;
    private final Map<Endpoint, HttpClient> clients = new ConcurrentHashMap<>();
    private final AnswerCheck check = new AnswerCheck(JSON, new Ed25519Verifier());
    private final AnswerMemory memory = new AnswerMemory();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param identity who asks; replicas answer their administrators alone
     * @param timeout how long an answer may take
     */
    public AdminClient(Signer identity, Duration timeout) {
        this.keys = IdentityTls.keyManager(identity, CERTIFICATE_LIFETIME.toMillis());
        this.timeout = timeout;
    }

    private record Endpoint(int id, IdentityKey key) {}

    /**
     * Asks all members the same, each for an answer under its signature to a nonce of its own. Never fails: whoever gives no answer to
     * be believed in time is in the poll with the reason.
     *
     * @param cluster whose members are believed, each within its name; answers of another epoch are not
     */
    public <T> CompletableFuture<Poll<T>> askAll(ClusterDescription cluster, Question<T> question) {
        SortedMap<Integer, VerifiedAnswer<T>> answers = new ConcurrentSkipListMap<>();
        SortedMap<Integer, String> silent = new ConcurrentSkipListMap<>();
        Queue<Proof> proofs = new ConcurrentLinkedQueue<>();
        CompletableFuture<?>[] asked = cluster.members().stream()
                .map(member -> ask(cluster, member, question).handle((answer, failure) -> {
                    if (failure == null) {
                        answers.put(member.id(), answer);
                        memory.see(answer.signed()).ifPresent(proofs::add);
                    } else {
                        silent.put(member.id(), reason(failure));
                    }
                    return answer;
                }))
                .toArray(CompletableFuture[]::new);
        int faults = new Quorum(cluster.members().size()).f();
        return CompletableFuture.allOf(asked).thenApply(_ -> new Poll<>(faults, answers, silent, List.copyOf(proofs)));
    }

    /**
     * Asks one member for an answer under its signature; fails with an {@link UntrustedAnswerException} if what comes is none, and with
     * another {@link IOException} if nothing does.
     *
     * @param cluster of which it is a member
     */
    public <T> CompletableFuture<VerifiedAnswer<T>> ask(
            ClusterDescription cluster, Member member, Question<T> question) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        HttpRequest request = HttpRequest.newBuilder(uri(member, question.path()))
                .header(SignedAnswer.NONCE_HEADER, nonce)
                .build();
        return send(member, request).thenCompose(response -> {
            try {
                return CompletableFuture.completedFuture(check.check(
                        new AnswerCheck.Expected<>(cluster, member, question, nonce), body(member, response)));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

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
    public CompletableFuture<DigestRange> digests(Member member, long first, int count) {
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
                .POST(BodyPublishers.ofString(json(body)))
                .build();
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a body could not be written as JSON", e);
        }
    }

    private static URI uri(Member member, String path) {
        return URI.create("https://" + member.host() + ":" + member.adminPort() + Question.PREFIX + path);
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
        return send(member, request).thenCompose(response -> {
            try {
                return CompletableFuture.completedFuture(JSON.readValue(body(member, response), type));
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    private CompletableFuture<HttpResponse<String>> send(Member member, HttpRequest request) {
        return BoundedHttp.send(
                client(member), request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER_BYTES), timeout);
    }

    private static String body(Member member, HttpResponse<String> response) throws IOException {
        String body = response.body();
        if (response.statusCode() != 200 && response.statusCode() != 202) {
            throw new IOException("replica " + member.id() + " answered " + response.statusCode() + " "
                    + body.substring(0, Math.min(body.length(), MAX_SHOWN_BODY)));
        }
        return body;
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
