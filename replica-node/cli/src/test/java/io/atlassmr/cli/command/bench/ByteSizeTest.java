package io.atlassmr.cli.command.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {

    private static ByteSize read(String value) {
        return new ByteSize.Converter().convert(value);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4096", "7B, 7", "64KiB, 65536", "8MiB, 8388608", "1GiB, 1073741824", "1gib, 1073741824"})
    void aSizeHasAUnitOrNone(String value, long bytes) {
        assertEquals(bytes, read(value).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1.5GiB", "1GB", "1 TiB", "999999999999GiB", "9999999999999"})
    void anythingElseIsRefused(String value) {
        assertThrows(TypeConversionException.class, () -> read(value));
    }
}
