package io.atlassmr.cli;

import io.atlassmr.cli.terminal.Terminal;

/** What every command needs from around it. */
public record Context(Terminal terminal, Installation installation) {}
