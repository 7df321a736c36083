package io.atlassmr.server.config;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads {@code true} and {@code false}, and takes nothing else for the latter. */
public final class TrueOrFalse implements Converter<Boolean> {

    private static final long serialVersionUID = 1;

    @Override
    public Boolean convert(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("allowed values: true,false");
        };
    }
}
