package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Command.Grant;
import io.atlassmr.protocol.message.Command.Revoke;
import io.atlassmr.protocol.message.Role;
import java.util.HexFormat;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says who may administer a cluster. */
@Command(
        name = "admin",
        header = "Say who may administer the cluster.",
        description =
                "Grant and revoke roles, which the members agree on. A viewer may look, an operator may also change"
                        + " members, an owner may also say who else is an administrator.")
public final class AdminCommand implements Runnable {

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    AdminCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "grant", description = "Make somebody an administrator, or change the role of one.")
    void grant(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "KEY", description = "The public key, 64 hexadecimal digits.") String key,
            @Parameters(paramLabel = "ROLE", description = "viewer, operator or owner.") Role role) {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            long sequenceNumber = session.operations().ask(new Grant(parsed(key), role));
            String name = role.name().toLowerCase(Locale.ROOT);
            session.output().say(key + " is " + name + " now.");
            session.output().result(new Result(true, key, name, sequenceNumber));
        }
    }

    @Command(name = "revoke", description = "Make somebody no administrator any longer.")
    void revoke(
            @Mixin CommonOptions common,
            @Mixin DirectoryOption directory,
            @Parameters(paramLabel = "KEY", description = "The public key, 64 hexadecimal digits.") String key) {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            long sequenceNumber = session.operations().ask(new Revoke(parsed(key)));
            session.output().say(key + " is no administrator any longer.");
            session.output().result(new Result(true, key, "none", sequenceNumber));
        }
    }

    private static PublicKey parsed(String key) {
        if (!key.matches("[0-9a-fA-F]{64}")) {
            throw new UsageException("KEY is 64 hexadecimal digits, got " + key);
        }
        return PublicKey.of(HexFormat.of().parseHex(key));
    }

    /** {@code sequenceNumber} is the decision that the change is in. */
    private record Result(boolean ok, String key, String role, long sequenceNumber) {}
}
