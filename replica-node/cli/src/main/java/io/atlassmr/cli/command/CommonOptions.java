package io.atlassmr.cli.command;

import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    private boolean help;

    @Option(names = "--json", description = "Print one JSON object, as the last line, for a program to read.")
    private boolean json;

    boolean json() {
        return json;
    }
}
