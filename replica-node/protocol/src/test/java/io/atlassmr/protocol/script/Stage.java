package io.atlassmr.protocol.script;

import java.util.List;

/** Where a script plays. */
interface Stage {

    /** Performs a command; returns the lines of what it led to. */
    List<String> perform(String command);
}
