package io.atlassmr.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void numbersAreSetToTheRightAndTextToTheLeft() {
        Table table = new Table("ID", "STATE", "N");
        table.row(0, "ready", 1234);
        table.row(10, "down", null);
        assertEquals(
                List.of(
                        "ID  STATE     N", //
                        " 0  ready  1234",
                        "10  down      -"),
                table.lines());
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        Table table = new Table("ID", "STATE");
        assertThrows(IllegalArgumentException.class, () -> table.row(1));
    }
}
