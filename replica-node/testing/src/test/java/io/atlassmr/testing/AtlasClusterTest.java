package io.atlassmr.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class AtlasClusterTest {

    private static AtlasCluster started(NetworkKind network) {
        AtlasCluster cluster =
                AtlasCluster.of(() -> new KvApplication(new InMemoryKvState())).withNetwork(network);
        cluster.start();
        return cluster;
    }

    private static void put(AtlasClient client, String key, String value) throws Exception {
        byte[] operation = KvCodec.encodeOperation(new KvOperation.Put(Bytes.ofUtf8(key), Bytes.ofUtf8(value)));
        assertEquals(
                new KvResult.Stored(),
                KvCodec.decodeResult(client.executeOrdered(operation).get(60, TimeUnit.SECONDS)));
    }

    private static String get(AtlasClient client, String key) throws Exception {
        byte[] operation = KvCodec.encodeOperation(new KvOperation.Get(Bytes.ofUtf8(key)));
        return switch (KvCodec.decodeResult(client.executeUnordered(operation).get(60, TimeUnit.SECONDS))) {
            case KvResult.Found(Bytes value) -> value.toUtf8();
            case KvResult other -> other.toString();
        };
    }

    @ParameterizedTest
    @EnumSource
    void itGoesOnWithoutOneReplicaWhichCatchesUpOnceItIsBack(NetworkKind network) throws Exception {
        try (AtlasCluster cluster = started(network)) {
            AtlasClient client = cluster.client();
            put(client, "a", "1");
            int leader = cluster.leader();
            cluster.kill(leader);
            put(client, "a", "2");
            assertEquals("2", get(client, "a"));
            cluster.restart(leader);
            put(client, "a", "3");
            cluster.awaitEqualStates();
            for (int id = 0; id < 4; id++) {
                KvApplication application = (KvApplication) cluster.application(id);
                assertArrayEquals(
                        Bytes.ofUtf8("3").toByteArray(),
                        application.entries().read(Bytes.ofUtf8("a").toByteArray()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void itGoesOnWhileOneReplicaIsCutOff(NetworkKind network) throws Exception {
        try (AtlasCluster cluster = started(network)) {
            AtlasClient client = cluster.client();
            put(client, "a", "1");
            cluster.partition(cluster.leader());
            put(client, "a", "2");
            assertEquals("2", get(client, "a"));
            cluster.heal();
            put(client, "a", "3");
            cluster.awaitEqualStates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeaderWithTwoStoriesIsFoundOutAndReplaced(NetworkKind network) throws Exception {
        try (AtlasCluster cluster = started(network)) {
            AtlasClient client = cluster.client();
            int leader = cluster.leader();
            cluster.makeByzantine(leader, Misbehaviour.EQUIVOCATE);
            for (int i = 1; i <= 10; i++) {
                put(client, "a", "" + i);
                assertEquals("" + i, get(client, "a"));
            }
            cluster.awaitEqualStates();
            assertFalse(cluster.evidence().isEmpty(), "nobody has proof");
            cluster.awaitProofAgainst(leader);
        }
    }

    @ParameterizedTest
    @EnumSource
    void falseRepliesAreNotBelievedAndSilenceIsBorne(NetworkKind network) throws Exception {
        try (AtlasCluster cluster = started(network)) {
            AtlasClient client = cluster.client();
            cluster.makeByzantine(3, Misbehaviour.FALSE_REPLIES);
            put(client, "a", "1");
            assertEquals("1", get(client, "a"));
        }
        try (AtlasCluster cluster = started(network)) {
            AtlasClient client = cluster.client();
            cluster.makeByzantine(cluster.leader(), Misbehaviour.MUTE);
            put(client, "a", "1");
            assertEquals("1", get(client, "a"));
            assertEquals(List.of(), cluster.evidence());
        }
    }
}
