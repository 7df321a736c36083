package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.PartReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A state in an {@link ImageDirectory}. Thread-safe. */
final class SavedImage implements DivisibleState.Image {

    private final ImageDirectory image;
    private final Path entries;
    private final EntryView view;
    private PartReader reader;
    private PartList parts;
    private boolean isClosed;

    private SavedImage(ImageDirectory image, Path entries, EntryView view) {
        this.image = image;
        this.entries = entries;
        this.view = view;
    }

    /**
     * Opens the image in this directory.
     *
     * @throws IOException if there is none, or it cannot be read
     */
    static SavedImage open(Path directory) throws IOException {
        ImageDirectory image = new ImageDirectory(directory);
        Path entries = image.entries();
        try (Database database = Database.open(entries, Database.Use.READ_ONLY)) {
            return new SavedImage(image, entries, EntryView.of(database));
        }
    }

    @Override
    public synchronized List<DivisibleState.PartDescriptor> parts() throws IOException {
        return partList().asList();
    }

    private PartList partList() throws IOException {
        requireOpen();
        if (parts == null) {
            parts = image.parts();
        }
        return parts;
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
        PartList saved = partList();
        ImageDirectory target = new ImageDirectory(directory);
        Path linked = target.prepare();
        DurableFiles.linkDatabase(entries, linked);
        target.publish(linked, saved);
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
    }
}
