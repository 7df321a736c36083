package io.atlassmr.cli;

import io.atlassmr.cli.command.AtlasCommand;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code atlas} command. Exit code 0: done; 1: it could not be done, or what was checked is not as it should be; 2: wrong
 * arguments.
 */
public final class Main {

    private static final String JSON = "--json";

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Libraries log what commands report in their own words.
        LogManager.getLogManager().reset();
        System.exit(run(Terminal.system(), Installation.ofSystemProperties(), args));
    }

    /** Runs one command; returns its exit code. */
    public static int run(Terminal terminal, Installation installation, String... args) {
        return commandLine(terminal, installation).execute(args);
    }

    /** All commands. */
    public static CommandLine commandLine(Terminal terminal, Installation installation) {
        IFactory factory = new Wiring(new Context(terminal, installation));
        CommandLine line = new CommandLine(AtlasCommand.class, factory);
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(Main::wrongArguments);
        line.setExecutionExceptionHandler(Main::failed);
        return line;
    }

    private static int wrongArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = e instanceof UnmatchedArgumentException unmatched && command.getParent() == null
                ? "there is no command " + String.join(" ", unmatched.getUnmatched())
                : e.getMessage();
        usage(command, message);
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        return answer(args, message, ExitCode.USAGE, command);
    }

    private static void usage(CommandLine command, String message) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + message);
        command.getErr().println("Its arguments: ./" + name + " --help");
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        String[] args = parsed.originalArgs().toArray(new String[0]);
        String name = command.getCommandSpec().qualifiedName();
        switch (e) {
            case UsageException wrong -> {
                usage(command, wrong.getMessage());
                return answer(args, wrong.getMessage(), ExitCode.USAGE, command);
            }
            case CommandException known -> command.getErr().println(name + ": " + known.getMessage());
            default -> {
                command.getErr().println(name + ": this is a defect of atlas; please report it with what follows");
                e.printStackTrace(command.getErr());
            }
        }
        return answer(args, String.valueOf(e.getMessage()), ExitCode.SOFTWARE, command);
    }

    /** A program that asked for JSON gets it in failure, too. */
    private static int answer(String[] args, String error, int exitCode, CommandLine command) {
        if (Arrays.asList(args).contains(JSON)) {
            command.getOut().println(Output.toJson(Map.of("ok", false, "error", error)));
        }
        return exitCode;
    }

    /** Gives commands that ask for it the context. */
    private record Wiring(Context context) implements IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            for (var constructor : type.getDeclaredConstructors()) {
                if (Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Context.class})) {
                    constructor.setAccessible(true);
                    return type.cast(constructor.newInstance(context));
                }
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
