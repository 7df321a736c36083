package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Change;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.OverlayView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.runtime.execution.batch.EntriesRun;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Checks an application whose state is entries, on a snapshot of them. */
final class EntriesCheck implements BatchCheck {

    private final ScalableApplication application;
    private final CrudState.Snapshot before;

    EntriesCheck(ScalableApplication application) {
        this.application = application;
        this.before = application.entries().snapshot();
    }

    @Override
    public Optional<Nondeterminism> check(List<ExecutedRequest> batch) {
        NavigableMap<byte[], Change> changes = new TreeMap<>(Arrays::compareUnsigned);
        OverlayView entries = new OverlayView(before, changes);
        for (ExecutedRequest executed : batch) {
            EntriesRun first = EntriesRun.of(application, executed.request(), executed.context(), entries);
            EntriesRun second = EntriesRun.of(application, executed.request(), executed.context(), entries);
            Optional<String> difference = Differences.between(executed.reply(), first.reply())
                    .or(() -> Differences.between(first.reply(), second.reply()))
                    .or(() -> difference(first.changes(), second.changes()));
            if (difference.isPresent()) {
                return Optional.of(new Nondeterminism(
                        executed.context(), executed.request().number(), difference.get()));
            }
            first.changes().forEach(change -> changes.put(change.key(), change));
        }
        return Optional.empty();
    }

    private static Optional<String> difference(List<Change> first, List<Change> second) {
        if (first.size() != second.size()) {
            return Optional.of("changed " + first.size() + " keys and then " + second.size());
        }
        for (int i = 0; i < first.size(); i++) {
            Change one = first.get(i);
            Change other = second.get(i);
            if (!Arrays.equals(one.key(), other.key())) {
                return Optional.of("changed key " + hex(one.key()) + " and then key " + hex(other.key()));
            }
            if (!Arrays.equals(one.value(), other.value())) {
                return Optional.of("gave key " + hex(one.key()) + " one value and then another");
            }
        }
        return Optional.empty();
    }

    private static String hex(byte[] key) {
        return "0x" + HexFormat.of().formatHex(key, 0, Math.min(key.length, 32));
    }

    @Override
    public void close() {
        before.close();
    }
}
