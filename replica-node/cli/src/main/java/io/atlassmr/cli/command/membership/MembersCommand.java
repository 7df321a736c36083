package io.atlassmr.cli.command.membership;

import io.atlassmr.admin.Poll;
import io.atlassmr.admin.Question;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.cli.Context;
import io.atlassmr.cli.admin.ClusterView;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.command.option.CommonOptions;
import io.atlassmr.cli.command.option.DirectoryOption;
import io.atlassmr.cli.terminal.Output;
import io.atlassmr.cli.terminal.Table;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows who the members are. */
@Command(
        name = "members",
        header = "Show who the members are, by proof, and who may join or administer.",
        description =
                "Follow the chain of epochs from the cluster's first members to those of today, checking each link, and"
                        + " show them. Admissions and administrators are what enough members sign alike that one of them is honest.")
public final class MembersCommand implements Runnable {

    private static final int SHOWN_KEY_DIGITS = 12;

    private final Context context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DirectoryOption directory;

    MembersCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        try (MembershipSession session = new MembershipSession(context, common, directory)) {
            ClusterDescription members = session.operations().members();
            int witnesses = ClusterSpec.faults(members.members().size()) + 1;
            Optional<Integer> leader = ClusterView.ask(session.cluster().processes(), session.admin())
                    .leader(witnesses);
            Optional<Said> said = said(session, members);
            describe(session.output(), members, leader, said);
            session.output()
                    .result(new Result(
                            members.clusterId(),
                            members.epoch(),
                            members.members().stream()
                                    .map(member -> new Result.MemberResult(
                                            member.id(),
                                            HexFormat.of().formatHex(member.publicKey()),
                                            member.host(),
                                            member.peerPort(),
                                            member.clientPort()))
                                    .toList(),
                            leader.orElse(null),
                            said.map(Said::admissions).orElse(List.of()),
                            said.map(Said::administrators).orElse(List.of()),
                            said.map(Said::barred).orElse(List.of())));
        }
    }

    /** What of admissions and administrators enough members sign alike. */
    private static Optional<Said> said(MembershipSession session, ClusterDescription members) {
        Poll<MembershipAnswer> poll =
                session.admin().askAll(members, Question.MEMBERSHIP).join();
        return switch (poll.<Said>agreement(
                answer -> new Said(answer.admissions(), answer.administrators(), answer.barred()))) {
            case Poll.Agreed<Said, MembershipAnswer> agreed -> {
                if (!agreed.differing().isEmpty()) {
                    session.output()
                            .warn("Of who may join or administer, replicas "
                                    + agreed.differing().keySet() + " tell otherwise than " + agreed.witnesses());
                }
                yield Optional.of(agreed.value());
            }
            case Poll.Disagreed<Said, MembershipAnswer> disagreed -> {
                session.output()
                        .warn("Too few members tell alike who may join or administer: "
                                + (disagreed.said().isEmpty()
                                        ? String.join("; ", disagreed.silent().values())
                                        : "replicas " + disagreed.said().values()));
                yield Optional.empty();
            }
        };
    }

    private record Said(
            List<MembershipAnswer.Admission> admissions,
            List<MembershipAnswer.Administrator> administrators,
            List<Integer> barred) {}

    private static void describe(
            Output output, ClusterDescription members, Optional<Integer> leader, Optional<Said> said) {
        int n = members.members().size();
        output.say("Cluster " + members.clusterId() + ", epoch " + members.epoch() + ": " + n
                + " members, stays right while " + ClusterSpec.faults(n) + " of them lie or fail.");
        Table table = new Table("id", "key", "address", "peers", "clients", "");
        for (Member member : members.members()) {
            table.row(
                    member.id(),
                    HexFormat.of().formatHex(member.publicKey()).substring(0, SHOWN_KEY_DIGITS),
                    member.host(),
                    member.peerPort(),
                    member.clientPort(),
                    leader.filter(id -> id == member.id()).isPresent() ? "leads" : "");
        }
        table.lines().forEach(output::say);
        said.ifPresent(answer -> {
            answer.admissions()
                    .forEach(admission -> output.say("Replica "
                            + admission.newcomer().id() + " may join"
                            + (admission.replaces() == null ? "." : " in the place of " + admission.replaces() + ".")));
            if (answer.barred() != null && !answer.barred().isEmpty()) {
                output.say(output.terminal()
                        .bad("Replicas " + answer.barred()
                                + " are proven to lie, and lead no more in this epoch: ./atlas evidence list"));
            }
            answer.administrators()
                    .forEach(administrator -> output.say(
                            "Administrator " + administrator.publicKey() + ": " + administrator.role() + "."));
        });
    }

    private record Result(
            String clusterId,
            long epoch,
            List<MemberResult> members,
            Integer leader,
            List<MembershipAnswer.Admission> admissions,
            List<MembershipAnswer.Administrator> administrators,
            List<Integer> barred) {

        record MemberResult(int id, String publicKey, String host, int peerPort, int clientPort) {}
    }
}
