package io.atlassmr.testing;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tells whether two applications have the same state. */
final class StateDigests {

    private StateDigests() {}

    /** Equal for equal states of one application's kind. */
    static byte[] of(Application application) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            switch (application.state()) {
                case MonolithicState state -> {
                    try (MonolithicState.Image image = state.capture()) {
                        image.writeTo(bytes);
                    }
                }
                case DivisibleState state -> {
                    try (DivisibleState.Image image = state.capture(1)) {
                        for (DivisibleState.PartDescriptor part : image.parts()) {
                            bytes.write(part.id());
                            bytes.write(part.digest());
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
