package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.script.EffectText.Topic;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A whole cluster whose messages the script delivers by hand.
 *
 * <pre>
 * cluster n=4 window=4                starts over
 * cluster spare=4,5                   with replicas that are no members
 * A -> 0: admit 4                     a command comes, see {@link CommandNotation}
 * client -> 0,1: a1 b1                bundles come from their clients, at these replicas
 * deliver                             everything under way, and what that leads to, until all is quiet
 * deliver prepare                     only these, likewise; also "0->1", "from 0", "to 1", and more of them at once
 * drop commit from 0                  loses what is under way
 * lose forward to 0                   from now on loses these
 * lose nothing                        no longer
 * 0 -> 1,2: commit v0 s1 {b1}         a liar speaks: delivered at once
 * cut 3 / mend 3                      from now on loses everything from and to 3 / no longer
 * crash 0 / restart 0                 from what was durable
 * wipe 0                              one that is down loses everything
 * diverge 0                           one's state is no longer what it executed
 * hand over 0                         a replica is about to stop
 * drain 0 / resume 0                  a replica leaves leading to others / no longer
 * wait 200                            milliseconds pass; messages stay under way
 * run 200                             milliseconds pass; messages arrive at once
 * state                               where everybody stands
 * outcomes                            what became of the commands
 * barred                              who leads no more in this epoch
 * policy                              when checkpoints are taken
 * show vote / hide deliver            which effects are printed
 * </pre>
 */
final class ClusterStage implements Stage {

    private final TreeMap<Integer, ScriptedReplica> replicas = new TreeMap<>();
    private final TreeSet<Integer> down = new TreeSet<>();
    private final BatchNotation batches = new BatchNotation();
    private final CommandNotation commands = new CommandNotation();
    private final EffectText text;
    private final Utterance utterance;
    private final PostOffice post;
    private final Spotlight spotlight = new Spotlight(EnumSet.of(
            Topic.SUSPICION, Topic.VIEW, Topic.DELIVER, Topic.ANSWER, Topic.EVIDENCE, Topic.EPOCH, Topic.JOIN));
    private final List<String> lines = new ArrayList<>();
    private long nowMillis;
    private boolean timePasses;

    ClusterStage(Words words) {
        String arguments = String.join(" ", words.rest());
        Settings first = new Settings(new Words(arguments));
        Membership membership = first.membership();
        List<Integer> ids =
                new ArrayList<>(membership.members().stream().map(Member::id).toList());
        for (String spare : first.take("spare", "").split(",", -1)) {
            if (!spare.isEmpty()) {
                ids.add(Integer.parseInt(spare));
            }
        }
        CheckpointNotation checkpoints =
                new CheckpointNotation(membership.quorum().size(), Cluster.initial(membership, 32));
        MessageNotation messages = new MessageNotation(membership.quorum(), batches, checkpoints);
        text = new EffectText(messages, batches, checkpoints);
        utterance = new Utterance(messages, batches, checkpoints);
        post = new PostOffice(ids, replicas::get);
        for (int id : ids) {
            Settings settings = new Settings(new Words(arguments));
            Membership same = settings.membership();
            String _ = settings.take("spare", "");
            replicas.put(
                    id,
                    new ScriptedReplica(
                            settings.configuration(same, id),
                            new ScriptedReplica.ByHand(false, false, false),
                            new MemoryLog(),
                            settings.checkpoints(0),
                            0,
                            effect -> show(id, effect)));
            settings.end();
        }
    }

    private void show(int id, ProtocolEffect effect) {
        String line = text.text(effect);
        if (spotlight.isOn(effect)) {
            lines.add((timePasses ? "[" + nowMillis + "] " : "") + id + ": " + line);
        }
        post.take(id, effect);
    }

    @Override
    public List<String> perform(String command) {
        lines.clear();
        int colon = command.indexOf(": ");
        if (colon >= 0) {
            String[] ends = command.substring(0, colon).split(" -> ", -1);
            say(ends[0], Words.ids(ends[1]), command.substring(colon + 2));
        } else {
            perform(new Words(command));
        }
        return List.copyOf(lines);
    }

    private void say(String speaker, List<Integer> to, String what) {
        SignedCommand command = speaker.equals("client") || Character.isDigit(speaker.charAt(0))
                ? null
                : commands.command(
                        speaker,
                        new Words(what),
                        replicas.get(to.getFirst()).status().epoch());
        for (int id : to) {
            if (speaker.equals("client")) {
                batches.bundles(List.of(what.split(" ")))
                        .forEach(bundle -> step(id, ProtocolEvent.BundleReceived.ofClient(bundle)));
            } else if (!Character.isDigit(speaker.charAt(0))) {
                step(id, new ProtocolEvent.CommandReceived(command, false));
            } else {
                utterance
                        .events(
                                Integer.parseInt(speaker),
                                what,
                                replicas.get(id).question())
                        .forEach(event -> step(id, event));
            }
        }
    }

    private void step(int id, ProtocolEvent event) {
        if (!down.contains(id)) {
            replicas.get(id).step(event);
            if (event instanceof ProtocolEvent.Transfer(StateTransferEvent.PageStored(int _, long s, int _))) {
                // There is one page alone: with it the manifest is complete.
                CheckpointNotation.manifest(s, List.of(0, 1)).forEach(replicas.get(id)::step);
            }
        }
    }

    private void perform(Words words) {
        if (spotlight.perform(words)) {
            return;
        }
        switch (words.next()) {
            case "deliver" -> post.deliver(new PostOffice.Filter(words), this::step);
            case "drop" -> post.drop(new PostOffice.Filter(words));
            case "lose" -> {
                if (words.take("nothing")) {
                    post.loseNothing();
                } else {
                    post.lose(new PostOffice.Filter(words));
                }
            }
            case "cut" -> post.cut((int) words.number());
            case "mend" -> post.mend((int) words.number());
            case "crash" -> {
                int id = (int) words.number();
                down.add(id);
                replicas.get(id).crash();
                post.cut(id);
            }
            case "restart" -> {
                int id = (int) words.number();
                down.remove(id);
                post.mend(id);
                replicas.get(id).restart(nowMillis);
            }
            case "wipe" -> replicas.get((int) words.number()).wipe();
            case "diverge" -> replicas.get((int) words.number()).state().diverge();
            case "hand" -> {
                words.expect("over");
                step((int) words.number(), new ProtocolEvent.HandOver());
            }
            case "drain" -> step((int) words.number(), new ProtocolEvent.Drain(true));
            case "resume" -> step((int) words.number(), new ProtocolEvent.Drain(false));
            case "wait" -> pass(words.number(), false);
            case "run" -> pass(words.number(), true);
            case "barred" ->
                replicas.forEach((id, replica) ->
                        lines.add(id + ": " + replica.status().reconfiguration().barred()));
            case "policy" -> replicas.forEach((id, replica) -> lines.add(id + ": " + policy(replica)));
            case "outcomes" ->
                replicas.firstEntry()
                        .getValue()
                        .status()
                        .reconfiguration()
                        .outcomes()
                        .forEach(outcome -> lines.add("s" + outcome.sequenceNumber() + ": "
                                + (outcome.refusal() == null
                                        ? "done"
                                        : outcome.refusal().text())));
            case "state" ->
                replicas.forEach(
                        (id, replica) -> lines.add(id + ": " + (down.contains(id) ? "down" : replica.statusText())));
            case String other -> throw new ScriptException("no command is called \"" + other + "\"");
        }
        words.end();
    }

    private static String policy(ScriptedReplica replica) {
        CheckpointPolicy policy = replica.status().reconfiguration().checkpointPolicy();
        return "every " + policy.interval() + ", keeps " + policy.retain()
                + (policy.maxAgeMillis() > 0 ? ", within " + policy.maxAgeMillis() : "");
    }

    private void pass(long millis, boolean deliver) {
        timePasses = true;
        long end = nowMillis + millis;
        while (nowMillis < end) {
            long next = replicas.values().stream()
                    .filter(replica -> !down.contains(replica.id()))
                    .mapToLong(ScriptedReplica::nextDeadlineMillis)
                    .min()
                    .orElse(end);
            nowMillis = Math.min(end, Math.max(nowMillis + 1, next));
            for (ScriptedReplica replica : replicas.values()) {
                if (!down.contains(replica.id())) {
                    replica.advanceTo(nowMillis);
                }
            }
            if (deliver) {
                post.deliver(new PostOffice.Filter(new Words("")), this::step);
            }
        }
        timePasses = false;
    }
}
