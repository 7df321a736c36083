package io.atlassmr.protocol.script;

import java.util.List;

/** Sets the stage: {@code replica} for one replica among scripted peers, {@code cluster} for a whole one. */
final class Director {

    private Stage stage;

    List<String> perform(String command) {
        Words words = new Words(command);
        if (words.take("replica")) {
            SoloStage solo = new SoloStage(words);
            stage = solo;
            return solo.opening();
        }
        if (words.take("cluster")) {
            stage = new ClusterStage(words);
            return List.of();
        }
        if (stage == null) {
            throw new ScriptException("a script starts with \"replica\" or \"cluster\"");
        }
        return stage.perform(command);
    }
}
