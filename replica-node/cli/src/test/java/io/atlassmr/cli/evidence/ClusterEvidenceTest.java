package io.atlassmr.cli.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.admin.answer.ReplicaEvidence;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterEvidenceTest {

    private static ReplicaEvidence.Item proof(String id) {
        return new ReplicaEvidence.Item(id, 2, "TWO_PREPARES", "LIE", 1, 0, 7, "prepared two");
    }

    private static ReplicaEvidence of(int replica, String... ids) {
        return new ReplicaEvidence(
                replica,
                List.of(2),
                List.of(2),
                List.of(ids).stream().map(ClusterEvidenceTest::proof).toList());
    }

    @Test
    void eachProofIsListedOnceWithThoseWhoHaveIt() {
        ClusterEvidence evidence = ClusterEvidence.of(List.of(of(0, "aa11", "bb22"), of(1), of(3, "bb22")));
        assertEquals(
                List.of(
                        new ClusterEvidence.Entry(proof("aa11"), List.of(0)),
                        new ClusterEvidence.Entry(proof("bb22"), List.of(0, 3))),
                evidence.entries());
        assertEquals(List.of(0, 1, 3), evidence.answered());
        assertEquals(1, evidence.find("aa").size());
        assertEquals(0, evidence.find("cc").size());
    }
}
