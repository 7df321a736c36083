package io.atlassmr.protocol.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The protocols' behaviour as conversations, in {@code src/test/resources/scripts}. With {@code -Dscripts.rewrite=true} the
 * scripts are rewritten with what happens now; read the difference before you commit it.
 */
class ScriptTest {

    private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

    @TestFactory
    Stream<DynamicTest> everyScriptGoesAsWritten() throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(SCRIPTS)) {
            files = tree.filter(file -> file.toString().endsWith(".script"))
                    .sorted()
                    .toList();
        }
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(SCRIPTS.relativize(file).toString(), file.toUri(), () -> play(file)));
    }

    private static void play(Path file) {
        try {
            String written = Files.readString(file);
            String played = new Script(SCRIPTS.relativize(file).toString(), written).run();
            if (Boolean.getBoolean("scripts.rewrite")) {
                Files.writeString(file, played);
            } else {
                assertEquals(written, played);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
