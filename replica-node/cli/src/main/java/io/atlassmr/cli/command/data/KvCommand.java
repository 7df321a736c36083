package io.atlassmr.cli.command.data;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.kv.KvJson;
import io.atlassmr.cli.kv.KvSession;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvEntry;
import io.atlassmr.kv.KvLimits;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Uses a cluster's key-value store. Keys and values are text, as UTF-8. */
@Command(
        name = "kv",
        header = "Put, get, delete, compare-and-set and scan keys.",
        synopsisSubcommandLabel = "COMMAND",
        description = "Uses the key-value store of a cluster that runs. Keys and values are text.",
        footer = {
            "",
            "get exits with 1 if there is no such key, cas if the value was another.",
        })
public final class KvCommand implements Runnable {

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    KvCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: put, get, delete, cas or scan");
    }

    /** Options of every operation. */
    static final class Target {

        @Mixin
        private CommonOptions common;

        @Mixin
        private DirectoryOption directory;

        @Option(
                names = "--timeout-seconds",
                paramLabel = "S",
                defaultValue = "10",
                description = "How long to wait for the cluster's answer (default: ${DEFAULT-VALUE}).")
        private int timeoutSeconds;
    }

    /** What a value has to be for a change. */
    static final class Expectation {

        @Option(names = "--expect", paramLabel = "OLD", description = "Change the key if this is its value.")
        private String value;

        @Option(names = "--absent", description = "Change the key if it is not there.")
        private boolean absent;

        Optional<Bytes> bytes() {
            return absent ? Optional.empty() : Optional.of(Bytes.ofUtf8(value));
        }
    }

    @Command(name = "put", description = "Set a key to a value, whatever it was.")
    int put(
            @Mixin Target target,
            @Parameters(paramLabel = "KEY", description = "1 to 1024 bytes.") String key,
            @Parameters(paramLabel = "VALUE", description = "At most 1 MiB.") String value) {
        Bytes checked = key(key);
        return execute(target, new KvOperation.Put(checked, value(value)));
    }

    @Command(name = "get", description = "Print the value of a key.")
    int get(@Mixin Target target, @Parameters(paramLabel = "KEY", description = "1 to 1024 bytes.") String key) {
        return execute(target, new KvOperation.Get(key(key)));
    }

    @Command(name = "delete", description = "Remove a key; nothing to do if it is not there.")
    int delete(@Mixin Target target, @Parameters(paramLabel = "KEY", description = "1 to 1024 bytes.") String key) {
        return execute(target, new KvOperation.Delete(key(key)));
    }

    @Command(name = "cas", description = "Compare and set: change a key if its value is the expected one.")
    int cas(
            @Mixin Target target,
            @ArgGroup(multiplicity = "1") Expectation expectation,
            @Parameters(paramLabel = "KEY", description = "1 to 1024 bytes.") String key,
            @Parameters(paramLabel = "NEW", description = "At most 1 MiB.") String replacement) {
        return execute(target, new KvOperation.CompareAndSet(key(key), expectation.bytes(), value(replacement)));
    }

    @Command(name = "scan", description = "Print keys with their values, in order of the keys' bytes.")
    int scan(
            @Mixin Target target,
            @Option(names = "--prefix", defaultValue = "", paramLabel = "P", description = "Only keys that begin so.")
                    String prefix,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Most entries, 1 to 100000 (default: ${DEFAULT-VALUE}).")
                    int limit) {
        if (limit < 1 || limit > 100_000) {
            throw new ParameterException(
                    spec.subcommands().get("scan"), "--limit is between 1 and 100000, got " + limit);
        }
        Output output = new Output(context.terminal(), target.common.json());
        List<KvEntry> entries = new ArrayList<>();
        Optional<Bytes> more;
        try (KvSession session = open(target)) {
            KvOperation.Scan next =
                    KvOperation.Scan.prefix(Bytes.ofUtf8(prefix), Math.min(limit, KvLimits.MAX_SCAN_ENTRIES));
            do {
                KvResult.Page page = (KvResult.Page) session.execute(next);
                entries.addAll(page.entries());
                more = page.nextKey();
                if (more.isPresent()) {
                    next = next.continueAt(more.get());
                }
            } while (more.isPresent() && entries.size() < limit);
        }
        boolean cut = more.isPresent() || entries.size() > limit;
        List<KvEntry> shown = entries.subList(0, Math.min(limit, entries.size()));
        shown.forEach(
                entry -> output.say(entry.key().toUtf8() + "\t" + entry.value().toUtf8()));
        if (cut) {
            output.warn("There are more than " + limit + " entries; --limit shows more of them.");
        }
        output.result(KvJson.page(shown, cut));
        return ExitCode.OK;
    }

    private int execute(Target target, KvOperation operation) {
        Output output = new Output(context.terminal(), target.common.json());
        KvResult result;
        try (KvSession session = open(target)) {
            result = session.execute(operation);
        }
        output.result(KvJson.of(result));
        return switch (result) {
            case KvResult.Stored _ -> done(output, "Stored.");
            case KvResult.Found(Bytes value) -> done(output, value.toUtf8());
            case KvResult.NotFound _ -> refused(output, "There is no such key.");
            case KvResult.Deleted(boolean existed) -> done(output, existed ? "Deleted." : "There was no such key.");
            case KvResult.Swapped _ -> done(output, "Changed.");
            case KvResult.NotSwapped(Optional<Bytes> actual) ->
                refused(
                        output,
                        actual.map(value -> "Not changed: the value is " + value)
                                .orElse("Not changed: there is no such key."));
            case KvResult.Page _, KvResult.Nothing _ ->
                throw new IllegalStateException("the store answered " + result + " to " + operation);
        };
    }

    private static int done(Output output, String line) {
        output.say(line);
        return ExitCode.OK;
    }

    private static int refused(Output output, String line) {
        output.warn(line);
        return ExitCode.SOFTWARE;
    }

    private KvSession open(Target target) {
        if (target.timeoutSeconds < 1 || target.timeoutSeconds > 3600) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout-seconds is between 1 and 3600, got " + target.timeoutSeconds);
        }
        LocalCluster cluster = LocalCluster.open(target.directory.directory(), context.installation());
        if (cluster.running().isEmpty()) {
            throw new CommandException("the cluster in " + cluster.directory().root()
                    + " is down: start it with ./atlas up" + target.directory.repeated());
        }
        return new KvSession(cluster.directory().cluster(), Duration.ofSeconds(target.timeoutSeconds));
    }

    private Bytes key(String key) {
        Bytes bytes = Bytes.ofUtf8(key);
        if (bytes.size() < 1 || bytes.size() > KvLimits.MAX_KEY_BYTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "KEY has 1 to " + KvLimits.MAX_KEY_BYTES + " bytes, this one has " + bytes.size());
        }
        return bytes;
    }

    private Bytes value(String value) {
        Bytes bytes = Bytes.ofUtf8(value);
        if (bytes.size() > KvLimits.MAX_VALUE_BYTES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a value has at most " + KvLimits.MAX_VALUE_BYTES + " bytes, this one has " + bytes.size());
        }
        return bytes;
    }
}
