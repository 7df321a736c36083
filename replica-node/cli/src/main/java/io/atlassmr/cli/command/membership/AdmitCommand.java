package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.protocol.message.Command.Admit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Admits a newcomer. */
@Command(
        name = "admit",
        header = "Make a new replica and have it admitted.",
        description =
                "Make the files of a new replica, with a key of its own, and have the members admit it for an hour: they talk to it, and count nothing it says until it has joined. ./atlas join starts it.")
public final class AdmitCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Option(names = "--id", paramLabel = "ID", description = "Its id, which no replica ever had (default: the next).")
    private Integer id;

    @Option(names = "--replaces", paramLabel = "ID", description = "The member that leaves when it joins.")
    private Integer replaces;

    @Option(names = "--withdraw", paramLabel = "ID", description = "Take the admission of this one back instead.")
    private Integer withdrawn;

    AdmitCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            if (withdrawn != null) {
                long withdrawnAt = session.operations().withdraw(withdrawn);
                session.output().say("The admission of replica " + withdrawn + " holds no longer.");
                session.output().result(new Result(true, withdrawn, withdrawnAt));
                return;
            }
            int newcomer = id == null ? session.operations().nextId() : id;
            long admittedAt = session.operations().admit(newcomer, replaces == null ? Admit.NOBODY : replaces);
            session.output()
                    .say("Replica " + newcomer + " is admitted for an hour. Start it with ./atlas join " + newcomer
                            + directory.repeated());
            session.output().result(new Result(true, newcomer, admittedAt));
        }
    }

    /** {@code sequenceNumber} is the decision that the change is in; 0 if it was done before. */
    private record Result(boolean ok, int id, long sequenceNumber) {}
}
