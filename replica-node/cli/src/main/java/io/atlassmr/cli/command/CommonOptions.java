package io.atlassmr.cli.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {

    @Mixin
    HelpOption help;

    @Option(names = "--json", description = "Print one JSON object, as the last line, for a program to read.")
    private boolean json;

    boolean json() {
        return json;
    }
}
