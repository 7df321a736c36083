package io.atlassmr.cli.command.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes. */
public final class CommonOptions {

    @Mixin
    HelpOption help;

    @Option(names = "--json", description = "Print one JSON object, as the last line, for a program to read.")
    private boolean json;

    /** Whether a program reads what is printed. */
    public boolean json() {
        return json;
    }
}
