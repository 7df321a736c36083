package io.atlassmr.cli.command.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.ReplicaEvidence;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.command.option.HelpOption;
import io.atlassmr.cli.evidence.ClusterEvidence;
import io.atlassmr.cli.evidence.EvidenceFile;
import io.atlassmr.cli.membership.MembershipChange;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.MembershipDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is proven against replicas. */
@Command(
        name = "evidence",
        header = "See and check proofs that a replica lies or is broken.",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Replicas keep proof of what others signed and should not have, and tell each other. A proof holds for"
                        + " whoever knows the members' keys, without the cluster.",
        footer = {
            "",
            "verify exits with 1 if the proof does not hold.",
        })
public final class EvidenceCommand implements Runnable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SHOWN_ID = 16;

    private final Context context;

    @Spec
    private CommandSpec spec;

    @Mixin
    HelpOption help;

    EvidenceCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: list, show or verify");
    }

    /** Which cluster is meant. */
    static final class Target {

        @Mixin
        private CommonOptions common;

        @Mixin
        private DirectoryOption directory;
    }

    @Command(
            name = "list",
            description = "Print the proofs that the members of today have, and which of them have each.")
    void list(@Mixin Target target) {
        Output output = new Output(context.terminal(), target.common.json());
        ClusterEvidence evidence = ask(target);
        if (evidence.entries().isEmpty()) {
            output.say("Nothing is proven against any replica, say replicas " + evidence.answered() + ".");
        } else {
            Table table = new Table("ID", "ACCUSED", "KIND", "SEVERITY", "VIEW", "PLACE", "KNOWN BY");
            for (ClusterEvidence.Entry entry : evidence.entries()) {
                ReplicaEvidence.Item proof = entry.proof();
                table.row(
                        proof.id().substring(0, SHOWN_ID),
                        proof.accused(),
                        label(proof.kind()),
                        label(proof.severity()),
                        proof.view(),
                        proof.sequenceNumber(),
                        entry.knownBy());
            }
            table.lines().forEach(output::say);
        }
        output.result(new Listed(evidence.answered(), evidence.entries()));
    }

    @Command(name = "show", description = "Print what a proof says, or write it to a file that anybody can check.")
    void show(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", description = "The proof's id, or how it begins.") String id,
            @Option(
                            names = "--output",
                            paramLabel = "FILE",
                            description = "Write the proof, with the members' keys, to this file.")
                    Path file) {
        if (!id.matches("[0-9a-f]{4,64}")) {
            throw new UsageException("an id is 4 to 64 hexadecimal digits, got " + id);
        }
        Output output = new Output(context.terminal(), target.common.json());
        LocalCluster cluster = LocalCluster.open(target.directory.directory(), context.installation());
        try (AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT)) {
            List<ClusterEvidence.Entry> found =
                    ClusterEvidence.ask(members(cluster, admin), admin).find(id);
            if (found.size() != 1) {
                throw new CommandException(
                        found.isEmpty()
                                ? "no replica that answers has a proof whose id begins with " + id
                                : found.size() + " proofs have an id that begins with " + id);
            }
            ClusterEvidence.Entry entry = found.getFirst();
            JsonNode document = admin.proof(
                            cluster.directory().member(entry.knownBy().getFirst()),
                            entry.proof().id())
                    .join();
            describe(output, entry);
            if (file != null) {
                Files.writeString(file, document.toPrettyString() + "\n");
                output.say("Written to " + file + "; ./atlas evidence verify " + file + target.directory.repeated()
                        + " checks it.");
            }
            output.result(document);
        } catch (IOException e) {
            throw new CommandException("cannot write " + file + ": " + e.getMessage(), e);
        } catch (CompletionException e) {
            throw new CommandException(
                    "the replica did not give the proof: " + e.getCause().getMessage(), e);
        }
    }

    @Command(
            name = "verify",
            description =
                    "Check a proof against the members' keys, without asking anybody. Keys come from the cluster's"
                            + " directory.")
    int verify(
            @Mixin Target target,
            @Parameters(paramLabel = "FILE", description = "What evidence show --output wrote.") Path file,
            @Option(
                            names = "--members-in-file",
                            description = "Believe the keys that the file itself names. Compare the digest of the"
                                    + " membership with one you trust.")
                    boolean membersInFile) {
        Output output = new Output(context.terminal(), target.common.json());
        EvidenceFile evidence = EvidenceFile.read(file);
        Membership membership = membersInFile
                ? evidence.claimedMembers()
                        .orElseThrow(
                                () -> new CommandException(file + " names no members; leave out --members-in-file"))
                : membership(evidence.members(trusted(target, evidence), new Ed25519Verifier()));
        String fault = evidence.fault(membership, new Ed25519Verifier()).orElse(null);
        Proof proof = evidence.proof();
        String digest = MembershipDigest.of(membership).toHex();
        if (fault != null) {
            output.say(output.terminal().bad("This proves nothing: " + fault + "."));
            output.result(new Verified(false, fault, proof.accused(), null, null, null, digest));
            return ExitCode.SOFTWARE;
        }
        Severity severity = proof.misdeed().kind().severity();
        output.say(output.terminal().good("It holds: replica " + proof.accused() + " " + proof.describe() + "."));
        output.say(
                switch (severity) {
                    case LIE -> "No replica that follows the protocol signs that: it lies.";
                    case FAULT -> "It is faulty; a broken disk or application can do that to an honest replica.";
                });
        if (membersInFile) {
            output.say("That is as good as the members in the file; their digest is " + digest + ".");
        }
        output.result(new Verified(
                true,
                null,
                proof.accused(),
                proof.misdeed().kind().name(),
                severity.name(),
                proof.id().toHex(),
                digest));
        return ExitCode.OK;
    }

    private ClusterEvidence ask(Target target) {
        LocalCluster cluster = LocalCluster.open(target.directory.directory(), context.installation());
        try (AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), TIMEOUT)) {
            ClusterEvidence evidence = ClusterEvidence.ask(members(cluster, admin), admin);
            if (evidence.answered().isEmpty()) {
                throw new CommandException("no replica answers: ./atlas status shows what runs");
            }
            return evidence;
        }
    }

    /** The members of today, by proof: those that the directory knows may all have left since. */
    private static List<Member> members(LocalCluster cluster, AdminClient admin) {
        return new MembershipChange(cluster.processes(), admin).refresh().members();
    }

    private static void describe(Output output, ClusterEvidence.Entry entry) {
        ReplicaEvidence.Item proof = entry.proof();
        output.say("Proof " + proof.id() + ": replica " + proof.accused() + " " + proof.what() + ".");
        output.say("Kind " + label(proof.kind()) + ", severity " + label(proof.severity()) + ", epoch " + proof.epoch()
                + "; known by replicas " + entry.knownBy() + ".");
    }

    /** The newest members that the directory knows, unless the proof is about earlier ones. */
    private static ClusterDescription trusted(Target target, EvidenceFile evidence) {
        ClusterDirectory cluster = ClusterDirectory.open(target.directory.directory());
        boolean isLater =
                evidence.proof().misdeed().epoch() >= cluster.cluster().epoch();
        return isLater ? cluster.cluster() : cluster.genesis();
    }

    private static Membership membership(ClusterDescription cluster) {
        return Membership.of(
                cluster.clusterId(),
                cluster.epoch(),
                cluster.members().stream().map(EvidenceCommand::member).toList());
    }

    private static io.atlassmr.protocol.membership.Member member(Member member) {
        return new io.atlassmr.protocol.membership.Member(
                member.id(), member.publicKey(), member.host(), member.peerPort(), member.clientPort());
    }

    private static String label(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private record Listed(List<Integer> answered, List<ClusterEvidence.Entry> proofs) {}

    /** {@code fault} says why it proves nothing, and is null if it holds. */
    private record Verified(
            boolean holds,
            String fault,
            int accused,
            String kind,
            String severity,
            String id,
            String membershipDigest) {}
}
