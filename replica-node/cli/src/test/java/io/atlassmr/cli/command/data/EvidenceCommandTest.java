package io.atlassmr.cli.command.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.atlassmr.admin.ProofDocument;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.creation.MadeCluster;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.AnswerPosition;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks proofs in files, with a cluster that never ran. */
class EvidenceCommandTest {

    @TempDir
    private Path temporary;

    private Path root;
    private Path file;
    private MadeCluster cluster;
    private String clusterId;

    @BeforeEach
    void makeCluster() throws IOException {
        root = temporary.toRealPath().resolve("cluster");
        cluster = MadeCluster.in(root);
        clusterId = cluster.directory().cluster().clusterId();
        file = temporary.resolve("proof.json");
    }

    private Signed<Prepare> prepare(int signer, int batch) throws IOException {
        return cluster.sign(signer, new Prepare(0, 7, Sha256.of(new byte[] {(byte) batch})));
    }

    private void write(Misdeed misdeed, Decision... links) throws IOException {
        ObjectNode document = new ObjectMapper().createObjectNode();
        document.put("format", "atlas-evidence-v1").put("clusterId", clusterId).put("epoch", 1);
        document.put("proof", EvidenceCodec.encode(new Proof(clusterId, misdeed)));
        var chain = document.putArray("links");
        for (Decision link : links) {
            chain.add(ProtocolCodec.toBytes(link));
        }
        var members = document.putArray("members");
        cluster.directory()
                .cluster()
                .members()
                .forEach(member -> members.addObject()
                        .put("id", member.id())
                        .put("publicKey", HexFormat.of().formatHex(member.publicKey())));
        Files.writeString(file, document.toString());
    }

    private AtlasRun verify(String... words) {
        return AtlasRun.of(Stream.concat(
                        Stream.of("evidence", "verify", file.toString(), "--dir", root.toString()), Stream.of(words))
                .toArray(String[]::new));
    }

    @Test
    void aProofHoldsWithTheKeysOfTheCluster() throws IOException {
        write(Misdeed.Conflict.of(prepare(2, 1), prepare(2, 2)));
        AtlasRun run = verify("--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.json().path("holds").asBoolean(), run::toString);
        assertEquals(2, run.json().path("accused").asInt());
        assertEquals("TWO_PREPARES", run.json().path("kind").asText());
        assertEquals("LIE", run.json().path("severity").asText());
    }

    @Test
    void aPersonIsToldWhatWasDone() throws IOException {
        write(Misdeed.Conflict.of(prepare(2, 1), prepare(2, 2)));
        assertTrue(verify().out().startsWith("It holds: replica 2 prepared both "), verify()::out);
    }

    @Test
    void aFaultIsNotCalledALie() throws IOException {
        write(Misdeed.Conflict.of(
                cluster.sign(1, new CheckpointVote(8, Sha256.of(new byte[] {1}))),
                cluster.sign(1, new CheckpointVote(8, Sha256.of(new byte[] {2})))));
        assertEquals("FAULT", verify("--json").json().path("severity").asText());
    }

    private SignedAnswer answer(int signer, int state) throws IOException {
        AnswerPosition position = new AnswerPosition(8, Digest.ZERO, 8, Sha256.of(new byte[] {(byte) state}));
        return SignedAnswer.sign(
                new AnswerHeader(clusterId, 1, signer, position, "/admin/v1/status", "nonce-of-the-caller"),
                new byte[] {'{', '}'},
                cluster.identity(signer));
    }

    @Test
    void twoAnswersThatContradictEachOtherHold() throws IOException {
        write(Misdeed.TwoAnswers.of(answer(3, 1), answer(3, 2)));
        AtlasRun run = verify("--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(3, run.json().path("accused").asInt());
        assertEquals("TWO_ANSWERS", run.json().path("kind").asText());
        write(Misdeed.TwoAnswers.of(answer(3, 1), answer(2, 2)));
        assertEquals(1, verify().exitCode());
    }

    /** Whoever caught the replica has the file to show, as a replica would give it. */
    @Test
    void whatTheClientOfTheAdminApiWritesDownCanBeChecked() throws IOException {
        Proof proof = new Proof(clusterId, Misdeed.TwoAnswers.of(answer(3, 1), answer(3, 2)));
        Files.writeString(file, ProofDocument.of(proof, cluster.directory().cluster()));
        AtlasRun run = verify("--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(proof.id().toHex(), run.json().path("id").asText());
        assertEquals(0, verify("--members-in-file").exitCode());
    }

    @Test
    void whatTheAccusedDidNotSignProvesNothing() throws IOException {
        Signed<Prepare> others = prepare(1, 2);
        write(Misdeed.Conflict.of(
                prepare(2, 1), new Signed<>(others.message(), 2, others.epoch(), others.signature())));
        AtlasRun run = verify("--json");
        assertEquals(1, run.exitCode());
        assertFalse(run.json().path("holds").asBoolean(true));
        assertEquals(
                "replica 2 did not sign the Prepare in it",
                run.json().path("fault").asText());
    }

    @Test
    void itCanBeCheckedWithTheMembersInTheFile() throws IOException {
        write(Misdeed.Conflict.of(prepare(2, 1), prepare(2, 2)));
        AtlasRun run = AtlasRun.of("evidence", "verify", file.toString(), "--members-in-file", "--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(64, run.json().path("membershipDigest").asText().length());
    }

    private Misdeed twoPreparesInEpoch2() throws IOException {
        return Misdeed.Conflict.of(
                cluster.sign(2, new Prepare(0, 17, Sha256.of(new byte[] {1})), 2),
                cluster.sign(2, new Prepare(0, 17, Sha256.of(new byte[] {2})), 2));
    }

    @Test
    void aProofOfALaterEpochHoldsWithTheLinksToIt() throws IOException {
        write(twoPreparesInEpoch2(), cluster.link(2, 10));
        AtlasRun run = verify("--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(2, run.json().path("accused").asInt());
    }

    @Test
    void withoutTheLinksToItALaterEpochsMembersAreNotKnown() throws IOException {
        write(twoPreparesInEpoch2());
        AtlasRun run = verify();
        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.err().contains("about epoch 2, and the file proves members up to epoch 1 only"), run::toString);
    }

    @Test
    void anotherClustersMembersDoNotProveIt() throws IOException {
        write(Misdeed.Conflict.of(prepare(2, 1), prepare(2, 2)));
        Path other = temporary.resolve("other");
        MadeCluster _ = MadeCluster.in(other);
        AtlasRun run = AtlasRun.of("evidence", "verify", file.toString(), "--dir", other.toString());
        assertEquals(1, run.exitCode(), run::toString);
    }

    @Test
    void aFileWithoutAProofIsSaidToBeNone() throws IOException {
        for (String text : new String[] {
            "",
            "{}",
            "[1]",
            "{\"format\":\"atlas-evidence-v1\"}",
            "{\"format\":\"atlas-evidence-v1\",\"proof\":\"AAAA\"}",
            "{\"format\":\"atlas-evidence-v1\",\"proof\":\"%\"}"
        }) {
            Files.writeString(file, text);
            AtlasRun run = verify();
            assertEquals(1, run.exitCode(), run::toString);
            assertTrue(run.err().contains("does not hold a proof"), run::toString);
        }
    }
}
