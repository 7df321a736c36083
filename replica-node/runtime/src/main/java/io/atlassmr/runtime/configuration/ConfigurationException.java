package io.atlassmr.runtime.configuration;

/** A configuration value that the replica cannot start with. The message names the key, the value, and what is allowed. */
public final class ConfigurationException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    public ConfigurationException(String key, String value, String allowed) {
        super(key + " is " + value + "; it may be " + allowed);
    }
}
