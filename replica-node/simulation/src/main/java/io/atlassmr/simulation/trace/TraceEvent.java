package io.atlassmr.simulation.trace;

/** What can be seen in a {@link Trace}. The text formats the two numbers of an entry. */
public enum TraceEvent {
    STARTS("starts for the %1$d. time with %2$d decisions in its log"),
    CRASHES("crashes; power failure: %1$d, written and lost: %2$d"),
    PAUSES("pauses for %1$d us"),
    SENDS("sends to %3$s %2$d bytes"),
    LOSES("loses what it sends to %3$s"),
    RECEIVES("receives from %3$s %2$d bytes"),
    REFUSES("refuses a frame of %3$s"),
    SIGNS("signs for view %1$d number %2$d"),
    PERSISTS("persists ticket %1$d, %2$d records"),
    DURABLE("has ticket %1$d durable"),
    DELIVERS("delivers %1$d of view %2$d"),
    EXECUTES("has executed %1$d, state %2$08x"),
    CHECKPOINT("holds stable checkpoint %1$d"),
    INSTALLS("installs checkpoint %1$d and has executed %2$d"),
    ENTERS_VIEW("enters view %1$d led by %2$d"),
    LEAVES_VIEW("asks for view %1$d"),
    ENTERS_EPOCH("enters epoch %1$d above %2$d"),
    REPORTS("reports evidence against replica %1$d"),
    LIES("lies"),
    INVOKES("invokes operation %1$d"),
    COMPLETES("has the result of operation %1$d after %2$d us"),
    GIVES_UP("has no result of operation %1$d after %2$d us"),
    FAULT("fault"),
    CLOCK("has its wall clock %1$d ms ahead"),
    HEALS("all faults but the liars end"),
    ENDS("the run ends after %1$d decisions");

    private final String text;

    TraceEvent(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
