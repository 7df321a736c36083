package io.atlassmr.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.io.IOException;

/** Tells a member's answer to a question from everything else. Thread-safe. */
final class AnswerCheck {

    private final ObjectMapper json;
    private final SignatureVerifier signatures;

    AnswerCheck(ObjectMapper json, SignatureVerifier signatures) {
        this.json = json;
        this.signatures = signatures;
    }

    /** What is expected of an answer besides what the member says with it. */
    record Expected<T>(ClusterDescription cluster, Member member, Question<T> question, String nonce) {}

    /** The answer in this text; fails with what is wrong with it. */
    <T> VerifiedAnswer<T> check(Expected<T> expected, String jws) throws UntrustedAnswerException {
        int replica = expected.member().id();
        SignedAnswer answer;
        try {
            answer = SignedAnswer.parse(jws);
        } catch (MalformedMessageException e) {
            throw new UntrustedAnswerException(replica, e.getMessage());
        }
        if (!answer.isSignedBy(expected.member().publicKey(), signatures)) {
            throw new UntrustedAnswerException(replica, "the signature is not of its key");
        }
        AnswerHeader header = answer.header();
        require(replica, "cluster", expected.cluster().clusterId(), header.clusterId());
        require(replica, "replica", replica, header.replicaId());
        require(replica, "nonce", expected.nonce(), header.nonce());
        require(replica, "question", expected.question().target(), header.target());
        require(replica, "epoch", expected.cluster().epoch(), header.epoch());
        try {
            T value = json.readValue(answer.body(), expected.question().type());
            if (value == null) {
                throw new UntrustedAnswerException(replica, "it is null");
            }
            return new VerifiedAnswer<>(answer, value);
        } catch (JsonProcessingException e) {
            throw new UntrustedAnswerException(replica, "not the JSON that is expected: " + e.getOriginalMessage());
        } catch (UntrustedAnswerException e) {
            throw e;
        } catch (IOException e) {
            throw new UntrustedAnswerException(replica, "it cannot be read: " + e.getMessage());
        }
    }

    private static void require(int replica, String what, Object expected, Object actual)
            throws UntrustedAnswerException {
        if (!expected.equals(actual)) {
            throw new UntrustedAnswerException(
                    replica, "it is for the " + what + " " + actual + ", asked was " + expected);
        }
    }
}
