package io.atlassmr.cli.command.option;

import picocli.CommandLine.Option;

/** Asks for a command's help. */
public final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;
}
