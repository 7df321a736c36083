package io.atlassmr.runtime.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.api.Application;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.CrudView;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.UnorderedContext;
import io.atlassmr.runtime.execution.ExecutionParts;
import io.atlassmr.runtime.fixture.Entries;
import io.atlassmr.runtime.fixture.StreamState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's interface chooses how it is executed; configuration can lower that, and never raise it. */
class ExecutionModelTest {

    private static final Application PLAIN = new StreamState();
    private static final Application SCALABLE = new Scalable(new Entries());

    private record Scalable(CrudState entries) implements ScalableApplication {

        @Override
        public byte[] executeOrdered(byte[] operation, OrderedContext context, CrudView view) {
            return operation;
        }

        @Override
        public byte[] executeUnordered(byte[] operation, UnorderedContext context, ReadView view) {
            return operation;
        }
    }

    @Test
    void withoutAWishItIsTheHighestThatTheInterfaceAllows() {
        assertEquals(ExecutionModel.SINGLE_THREADED, ExecutionModel.of(PLAIN, Optional.empty()));
        assertEquals(ExecutionModel.SPECULATIVE, ExecutionModel.of(SCALABLE, Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void itCanBeLowered(ExecutionModel model) {
        assertEquals(model, ExecutionModel.of(SCALABLE, Optional.of(model)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SINGLE_THREADED")
    void itCannotBeRaised(ExecutionModel model) {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> ExecutionModel.of(PLAIN, Optional.of(model)));
        String contract = model == ExecutionModel.MIXED ? "SnapshotApplication" : "ScalableApplication";
        assertEquals(
                "atlas.execution.model is " + model.key() + "; it may be single-threaded or lower: "
                        + "io.atlassmr.runtime.fixture.StreamState is no " + contract,
                refused.getMessage());
    }

    @Test
    void determinismCannotBeCheckedWithoutCopies() {
        ExecutionConfiguration checking = new ExecutionConfiguration(Optional.empty(), 1, 1, 10, 1000);
        assertEquals(
                "atlas.execution.determinism-check-interval is 10; it may be 0: io.atlassmr.runtime.fixture.StreamState"
                        + " cannot be copied; it is no ScalableApplication, and no CopyableApplication with a"
                        + " MonolithicState or a CopyableState",
                assertThrows(ConfigurationException.class, () -> new ExecutionParts(PLAIN, checking, _ -> {}))
                        .getMessage());
    }

    @Test
    void valuesAreBounded() {
        assertEquals(
                "atlas.execution.threads is 65; it may be 1 to 64",
                assertThrows(
                                ConfigurationException.class,
                                () -> new ExecutionConfiguration(Optional.empty(), 65, 1, 0, 1))
                        .getMessage());
        assertThrows(ConfigurationException.class, () -> new ExecutionConfiguration(Optional.empty(), 1, 0, 0, 1));
        assertThrows(ConfigurationException.class, () -> new ExecutionConfiguration(Optional.empty(), 1, 1, -1, 1));
        assertThrows(ConfigurationException.class, () -> new ExecutionConfiguration(Optional.empty(), 1, 1, 0, 0));
    }
}
