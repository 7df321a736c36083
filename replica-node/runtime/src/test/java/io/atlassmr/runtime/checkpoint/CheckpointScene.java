package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A replica's state with some sessions, and the store that keeps its checkpoints. */
public final class CheckpointScene {

    private static final Digest HISTORY = Digest.of(filled(9));

    private final Application application;
    private final Path root;
    private final SessionTable sessions = new SessionTable(SessionLimits.defaults());
    private CheckpointStore store;

    /** @param root directory of the checkpoints */
    public CheckpointScene(Path root, Application application) throws IOException {
        this.root = root;
        this.application = application;
        this.store = open();
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[Digest.SIZE_BYTES];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private CheckpointStore open() throws IOException {
        return new CheckpointStore(root, application.state());
    }

    /** A new store over the same directory, as after a restart. */
    public void reopen() throws IOException {
        store.close();
        store = open();
    }

    /** The store over this scene's directory. */
    public CheckpointStore store() {
        return store;
    }

    /** A client has its number answered. */
    public void answer(int client, long number) {
        var bundle = TestCluster.bundle(client, number);
        if (sessions.admit(bundle, number, number, 1000)
                instanceof io.atlassmr.protocol.session.DuplicateFilter.Execute) {
            sessions.answered(bundle, new Reply(number, Reply.Outcome.OK, new byte[10], number));
        }
    }

    /** What a checkpoint here would hold. */
    public StateCapture capture(long sequenceNumber) {
        StateCapture.ApplicationImage image = switch (application.state()) {
            case MonolithicState state -> new StateCapture.Monolithic(state.capture());
            case DivisibleState state -> new StateCapture.Divisible(state.capture(sequenceNumber));
        };
        return new StateCapture(
                sequenceNumber, 5000, HISTORY, TestCluster.reconfiguration(), sessions.capture(), image);
    }

    /** Takes a checkpoint, and returns its certificate, which the store does not know of. */
    public Certificate save(long sequenceNumber) throws IOException {
        try (StateCapture capture = capture(sequenceNumber)) {
            return certificate(sequenceNumber, store.save(capture));
        }
    }

    /** Takes a checkpoint that is stable, the only one to be kept. */
    public Certificate saveStable(long sequenceNumber) throws IOException {
        Certificate certificate = save(sequenceNumber);
        store.stable(certificate, sequenceNumber);
        return certificate;
    }

    /** A certificate of this digest; nobody checks its signatures here. */
    public static Certificate certificate(long sequenceNumber, Digest digest) {
        return new Certificate(0, sequenceNumber, digest, List.of());
    }

    /** Gives a staging all pages of another store's checkpoint. */
    public static void givePages(CheckpointReader from, Staging to) {
        Manifest manifest = from.manifest();
        for (int page = 0; page < manifest.pageCount(); page++) {
            String refusal = to.addPage(page, manifest.page(page), manifest.path(page));
            if (refusal != null) {
                throw new AssertionError(refusal);
            }
        }
    }

    /** Gives a staging this as a part; why it is refused, null if it is good. */
    public static String givePart(Staging to, int index, byte[] content) throws IOException {
        return to.addPart(index, content, Sha256.of(content));
    }

    /** Gives a staging a part of another store's checkpoint. */
    public static void givePart(CheckpointReader from, Staging to, int index) throws IOException {
        String refusal = givePart(to, index, from.read(from.manifest().parts().get(index)));
        if (refusal != null) {
            throw new AssertionError(refusal);
        }
    }
}
