package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.protocol.message.Command.Admit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds a member. */
@Command(
        name = "join",
        header = "Start a new replica and have it become a member.",
        description =
                "Have a replica admitted, if none is named that was, start it, and wait until it has caught up and the members have made it one of them. Goes on where an earlier one was interrupted.")
public final class JoinCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description =
                    "The replica that ./atlas admit admitted; without it the one that is admitted, else another one is made and admitted.")
    private Integer id;

    JoinCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            int joining = id == null ? session.operations().newcomer(Admit.NOBODY) : id;
            if (id == null) {
                long _ = session.operations().admit(joining, Admit.NOBODY);
            }
            session.tell(
                    "Replica " + joining + " is a member.",
                    joining,
                    session.operations().join(joining));
        }
    }
}
