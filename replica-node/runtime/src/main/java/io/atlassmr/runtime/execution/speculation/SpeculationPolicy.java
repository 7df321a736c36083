package io.atlassmr.runtime.execution.speculation;

/** Whether executing ahead is worth it. Decides about time spent, never about what comes out. For the execution thread. */
interface SpeculationPolicy {

    /** Never gives up, so that conflicts are met again and again. */
    SpeculationPolicy ALWAYS = new SpeculationPolicy() {
        @Override
        public boolean isWorthwhile() {
            return true;
        }

        @Override
        public void settled(Speculation.Settlement settlement) {}

        @Override
        public void took(long nanos) {}
    };

    /** Whether operations should be executed ahead now. */
    boolean isWorthwhile();

    /** An operation that was executed ahead was settled. */
    void settled(Speculation.Settlement settlement);

    /** An operation took this long, on any thread. */
    void took(long nanos);
}
