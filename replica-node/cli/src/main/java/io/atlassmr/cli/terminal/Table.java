package io.atlassmr.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns that are as wide as they have to be. A header and rows; numbers are set to the right. */
public final class Table {

    private static final String BETWEEN = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** Adds a row of as many cells as the header has; {@code null} shows as a dash. */
    public void row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    "a row has " + header.size() + " cells like the header, got " + cells.length);
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> cell == null ? "-" : cell.toString())
                .toList());
    }

    /** The lines, without blanks at their ends. */
    public List<String> lines() {
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(header);
        List<String> lines = new ArrayList<>();
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String padding = " ".repeat(width(column) - row.get(column).length());
                line.append(column == 0 ? "" : BETWEEN)
                        .append(isNumeric(column) ? padding + row.get(column) : row.get(column) + padding);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        int width = header.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("-|[0-9][0-9.,]*"));
    }
}
