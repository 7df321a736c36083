package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.atlassmr.api.Application;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.api.UnorderedContext;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application of the user's own takes the key-value store's place by being a bean. */
@QuarkusTest
@TestProfile(OwnApplicationTest.WithOwnApplication.class)
@WithTestResource(value = ClusterResource.class, initArgs = @ResourceArg(name = ClusterResource.PEERS, value = "0"))
@Timeout(60)
class OwnApplicationTest {

    @Inject
    Application application;

    @Test
    void theReplicaRunsIt() {
        assertInstanceOf(Echo.class, application);
    }

    @Test
    void thereIsNoKeyValueStoreOverHttp() throws Exception {
        assertEquals(
                "404 not-here", Http.onceStarted().gateway("GET", "/v1/kv/a").problem());
    }

    /** Chooses the application. */
    public static final class WithOwnApplication implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Echo.class);
        }
    }

    /** Answers what it is asked. */
    @Alternative
    @Singleton
    public static final class Echo implements Application, MonolithicState {

        @Override
        public byte[] executeOrdered(byte[] operation, OrderedContext context) {
            return operation;
        }

        @Override
        public byte[] executeUnordered(byte[] operation, UnorderedContext context) {
            return operation;
        }

        @Override
        public ReplicatedState state() {
            return this;
        }

        @Override
        public Image capture() {
            return new Image() {
                @Override
                public void writeTo(OutputStream output) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void restore(InputStream input) {}
    }
}
