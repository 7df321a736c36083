package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.script.EffectText.Topic;
import java.util.EnumSet;

/** Which effects a script shows. */
final class Spotlight {

    private final EnumSet<Topic> shown;

    Spotlight(EnumSet<Topic> shown) {
        this.shown = shown;
    }

    /** Takes {@code show ...} and {@code hide ...}; false if the command is neither. */
    boolean perform(Words words) {
        if (words.take("show")) {
            words.rest().forEach(topic -> shown.add(Topic.of(topic)));
            return true;
        }
        if (words.take("hide")) {
            words.rest().forEach(topic -> shown.remove(Topic.of(topic)));
            return true;
        }
        return false;
    }

    boolean isOn(ProtocolEffect effect) {
        return shown.contains(EffectText.topic(effect));
    }
}
