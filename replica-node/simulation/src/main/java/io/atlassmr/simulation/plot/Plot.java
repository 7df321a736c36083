package io.atlassmr.simulation.plot;

import io.atlassmr.simulation.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What happens in a run, step by step, in place of what its seed would draw. Immutable. */
public final class Plot {

    private static final long POLL_MICROS = 500;
    private static final long CLOSE_POLL_MICROS = 50;

    private record Step(String awaited, Predicate<Stage> condition, long pollMicros, Consumer<Stage> action) {}

    private final List<Step> steps;

    private Plot(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Nothing happens. */
    public static Plot begin() {
        return new Plot(List.of());
    }

    /** Waits for a condition before what follows. */
    public Plot when(String awaited, Predicate<Stage> condition) {
        return plus(new Step(awaited, condition, POLL_MICROS, _ -> {}));
    }

    /** As {@link #when}, and goes on as soon as it holds: no frame that is sent then has arrived by the next step. */
    public Plot onceJust(String awaited, Predicate<Stage> condition) {
        return plus(new Step(awaited, condition, CLOSE_POLL_MICROS, _ -> {}));
    }

    /** Waits until so many decisions were made since the run began. */
    public Plot whenDecided(long sequenceNumber) {
        return when("decision " + sequenceNumber, stage -> stage.decided() >= sequenceNumber);
    }

    /** Waits until the replica takes part in everything and has executed nearly all that was decided. */
    public Plot whenLevel(int replica) {
        return when("replica " + replica + " to have caught up", stage -> stage.isLevel(replica));
    }

    /** Does something. */
    public Plot then(Consumer<Stage> action) {
        return plus(new Step("", _ -> true, POLL_MICROS, action));
    }

    /** All steps of another plot, after these. */
    public Plot then(Plot other) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(other.steps);
        return new Plot(all);
    }

    private Plot plus(Step step) {
        return then(new Plot(List.of(step)));
    }

    /** A plot under way. */
    public final class Course {
        private final Stage stage;
        private final VirtualTime time;
        private int next;

        private Course(Stage stage, VirtualTime time) {
            this.stage = stage;
            this.time = time;
        }

        private void advance() {
            while (next < steps.size() && steps.get(next).condition().test(stage)) {
                steps.get(next++).action().accept(stage);
            }
            if (!isOver()) {
                var _ = time.schedule(steps.get(next).pollMicros(), this::advance);
            }
        }

        /** Whether all steps were taken. */
        public boolean isOver() {
            return next == steps.size();
        }

        /** What it waits for. */
        public String awaited() {
            return isOver() ? "nothing" : steps.get(next).awaited();
        }
    }

    /** Begins. */
    public Course start(Stage stage, VirtualTime time) {
        Course course = new Course(stage, time);
        var _ = time.schedule(0, course::advance);
        return course;
    }
}
