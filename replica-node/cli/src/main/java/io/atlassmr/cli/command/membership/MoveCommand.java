package io.atlassmr.cli.command.membership;

import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes where a member is reached. */
@Command(
        name = "move",
        header = "Have a member be reached elsewhere.",
        description =
                "Have the members agree that one of them is reached at another host or other ports, and have it listen there: it is restarted if it runs. What is not given stays as it is.")
public final class MoveCommand implements Runnable {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOST_LENGTH = 253;

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    @Option(names = "--host", paramLabel = "HOST", description = "The name or address that others reach it at.")
    private String host;

    @Option(names = "--peer-port", paramLabel = "P", description = "Where its peers connect, 1 to 65535.")
    private Integer peerPort;

    @Option(names = "--client-port", paramLabel = "P", description = "Where clients connect, 1 to 65535.")
    private Integer clientPort;

    @Parameters(paramLabel = "ID", description = "The member that moves.")
    private int id;

    MoveCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        if (host == null && peerPort == null && clientPort == null) {
            throw new UsageException("say where to with --host, --peer-port or --client-port");
        }
        if (host != null && (host.isBlank() || host.length() > MAX_HOST_LENGTH)) {
            throw new UsageException("--host has 1 to " + MAX_HOST_LENGTH + " characters");
        }
        requirePort("--peer-port", peerPort);
        requirePort("--client-port", clientPort);
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            Member now = session.operations().member(id);
            String newHost = host == null ? now.host() : host;
            int newPeerPort = peerPort == null ? now.peerPort() : peerPort;
            int newClientPort = clientPort == null ? now.clientPort() : clientPort;
            if (newPeerPort == newClientPort) {
                throw new UsageException("peers and clients need ports of their own, both would be " + newPeerPort);
            }
            session.tell(
                    "Replica " + id + " is reached at " + newHost + ", by peers at " + newPeerPort
                            + " and by clients at " + newClientPort + ".",
                    id,
                    session.operations().move(id, newHost, newPeerPort, newClientPort));
        }
    }

    private static void requirePort(String option, Integer port) {
        if (port != null && (port < 1 || port > MAX_PORT)) {
            throw new UsageException(option + " is 1 to " + MAX_PORT + ", got " + port);
        }
    }
}
