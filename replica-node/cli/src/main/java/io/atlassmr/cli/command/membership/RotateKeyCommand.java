package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes a key. */
@Command(
        name = "rotate-key",
        header = "Have a member change its key.",
        description =
                "Have a member make a new key and change to it. The private key is made where the replica is, and stays there; the old key signs the new one, and the members agree on it.")
public final class RotateKeyCommand implements Runnable {

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Parameters(paramLabel = "ID", description = "The member that changes its key.")
    private int id;

    RotateKeyCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            session.tell(
                    "Replica " + id + " has a new key.",
                    id,
                    session.operations().rotateKey(id));
        }
    }
}
