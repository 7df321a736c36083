package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Replaces a member. */
@Command(
        name = "replace",
        header = "Put a new replica in the place of a member.",
        description =
                "Have a new replica admitted in the place of a member, start it, wait until it has caught up, and stop the old one once its signature counts for nothing: one change, and as many members after it as before.")
public final class ReplaceCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Parameters(index = "0", paramLabel = "OLD", description = "The member that leaves. It may be down.")
    private int oldId;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NEW",
            description =
                    "The id of the new one, which no replica ever had (default: the one that is admitted for that, else the next).")
    private Integer newId;

    ReplaceCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            int joining = newId == null ? session.operations().newcomer(oldId) : newId;
            session.tell(
                    "Replica " + joining + " is in the place of replica " + oldId + ".",
                    joining,
                    session.operations().replace(oldId, joining));
        }
    }
}
