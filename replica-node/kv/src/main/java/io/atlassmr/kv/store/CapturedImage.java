package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.parts.EntryCursor;
import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.PartReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** A captured state, while operations go on. Thread-safe. */
final class CapturedImage implements DivisibleState.Image {

    private final Capture capture;
    private final EntryView view;
    private PartReader reader;
    private boolean isClosed;

    /**
     * @param capture whose dependent this is already
     */
    CapturedImage(Capture capture) {
        this.capture = capture;
        this.view = capture.view().hold();
    }

    @Override
    public synchronized List<DivisibleState.PartDescriptor> parts() throws IOException {
        requireOpen();
        return capture.parts().asList();
    }

    @Override
    public synchronized byte[] read(DivisibleState.PartDescriptor part) throws IOException {
        requireOpen();
        if (reader == null) {
            reader = new PartReader(view.cursor());
        }
        return reader.read(part);
    }

    @Override
    public synchronized void saveTo(Path directory) throws IOException {
        requireOpen();
        PartList parts = capture.parts();
        ImageDirectory image = new ImageDirectory(directory);
        Path entries = image.prepare();
        if (!laterChangesAreKnown() || !linkEntries(entries)) {
            copyEntries(image, entries);
        }
        image.publish(entries, parts);
    }

    private boolean laterChangesAreKnown() {
        for (ChangedKeys changes = capture.changesAfter(); changes != null; changes = changes.next()) {
            if (changes.isEverything()) {
                return false;
            }
        }
        return true;
    }

    /** False, and nothing left there, if it could not be known meanwhile what changed later. */
    private boolean linkEntries(Path entries) throws IOException {
        view.database().linkTo(entries);
        if (revertLaterChanges(entries)) {
            return true;
        }
        Database.destroy(entries);
        return false;
    }

    /**
     * Hard links have the database as it is, and it has gone on: puts every key written since the capture back to what
     * it was. False if those keys are not known.
     */
    private boolean revertLaterChanges(Path entries) throws IOException {
        try (Database linked = Database.open(entries, Database.Use.SHORT_WRITE)) {
            for (ChangedKeys changes = capture.changesAfter(); changes != null; changes = changes.next()) {
                for (Iterator<byte[]> keys = changes.iterator(); keys.hasNext(); ) {
                    byte[] key = keys.next();
                    byte[] value = view.get(key);
                    if (value == null) {
                        linked.delete(key);
                    } else {
                        linked.put(key, value);
                    }
                }
                if (changes.isEverything()) {
                    return false;
                }
            }
            linked.flush();
            return true;
        }
    }

    private void copyEntries(ImageDirectory image, Path entries) throws IOException {
        try (EntryCursor cursor = view.cursor();
                SortedFiles files = new SortedFiles(image.scratch())) {
            for (cursor.seek(new byte[0]); cursor.isValid(); cursor.next()) {
                files.add(cursor.key(), cursor.value());
            }
            files.moveTo(entries);
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the image is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (reader != null) {
            reader.close();
        }
        view.close();
        capture.letGo();
    }
}
