package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What is in the state of an application that is thrown away afterwards: looking changes the versions of its parts. */
public final class StateContent {

    private StateContent() {}

    /** Equal for equal states of applications of one kind. */
    public static Digest digest(Application application) {
        return switch (application.state()) {
            case MonolithicState state -> {
                try (MonolithicState.Image image = state.capture()) {
                    yield Sha256.of(write(image));
                }
            }
            case DivisibleState state -> {
                try (DivisibleState.Image image = state.capture(1)) {
                    yield Sha256.of(parts(image));
                }
            }
        };
    }

    static byte[] write(MonolithicState.Image image) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            image.writeTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toByteArray();
    }

    private static byte[] parts(DivisibleState.Image image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            for (DivisibleState.PartDescriptor part : image.parts()) {
                output.writeInt(part.id().length);
                output.write(part.id());
                output.write(part.digest());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
