package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a member. */
@Command(
        name = "leave",
        header = "Remove a member, and stop it.",
        description =
                "Have the members go on without one of them, and stop that one once its signature counts for nothing. At least 4 have to be left. It may be down, or lead.")
public final class LeaveCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Parameters(paramLabel = "ID", description = "The member that leaves.")
    private int id;

    LeaveCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            session.tell(
                    "Replica " + id + " has left.", id, session.operations().leave(id));
        }
    }
}
