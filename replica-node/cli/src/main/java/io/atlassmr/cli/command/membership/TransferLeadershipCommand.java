package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Moves leadership. */
@Command(
        name = "transfer-leadership",
        header = "Have a member lead.",
        description =
                "Have the members go on in a view that this one leads, at once; for before the leader is restarted. No time-out is waited for.")
public final class TransferLeadershipCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Parameters(paramLabel = "ID", description = "The member that is to lead.")
    private int id;

    TransferLeadershipCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            session.operations().lead(id);
            session.tell("Replica " + id + " leads.", id, session.operations().members());
        }
    }
}
