package io.atlassmr.cli.membership;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.atlassmr.admin.answer.EpochLinksAnswer;
import io.atlassmr.admin.http.BoundedHttp;
import io.atlassmr.cli.CommandException;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.EpochLinks;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.tls.IdentityTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;

/** Follows the epochs that somebody gives at an address. Whoever it is proves nothing but what the links prove. */
public final class ForeignChain {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private ForeignChain() {}

    /**
     * The newest members that are proven there.
     *
     * @throws CommandException if nobody answers, or what is given proves nothing
     */
    public static ClusterDescription follow(ClusterDescription trusted, URI from, Signer identity) {
        try (HttpClient http = BoundedHttp.client(TIMEOUT)
                .sslContext(IdentityTls.context(identity, Admission.ANYONE))
                .build()) {
            ClusterDescription known = trusted;
            while (true) {
                ClusterDescription later = step(known, http, from);
                if (later.epoch() == known.epoch()) {
                    return known;
                }
                known = later;
            }
        } catch (IOException e) {
            throw new CommandException("nobody answers at " + from + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while asking " + from, e);
        } catch (EpochLinks.BrokenException | IllegalArgumentException e) {
            throw new CommandException(
                    "what is given at " + from + " does not prove its members: " + e.getMessage(), e);
        }
    }

    private static ClusterDescription step(ClusterDescription known, HttpClient http, URI from)
            throws IOException, InterruptedException, EpochLinks.BrokenException {
        HttpRequest request = HttpRequest.newBuilder(from.resolve("/admin/v1/epochs?from=" + (known.epoch() + 1)))
                .build();
        HttpResponse<String> response = BoundedHttp.ask(http, request, BodyHandlers.ofString(), TIMEOUT);
        if (response.statusCode() != 200) {
            throw new CommandException(from + " answered " + response.statusCode() + " " + response.body());
        }
        EpochLinksAnswer answer = JSON.readValue(response.body(), EpochLinksAnswer.class);
        return EpochLinks.follow(
                known,
                answer.links().stream()
                        .map(link -> ByteString.copyFrom(Base64.getDecoder().decode(link)))
                        .toList(),
                new Ed25519Verifier());
    }
}
