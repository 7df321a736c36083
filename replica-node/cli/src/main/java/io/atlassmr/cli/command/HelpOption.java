package io.atlassmr.cli.command;

import picocli.CommandLine.Option;

/** Asks for a command's help. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;
}
