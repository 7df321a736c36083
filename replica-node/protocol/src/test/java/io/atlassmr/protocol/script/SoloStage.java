package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.script.EffectText.Topic;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * One replica; the script speaks for everybody else.
 *
 * <pre>
 * replica 1 window=4 disk=by-hand execution=by-hand      starts over
 * client: a1 b1                                          bundles come from their clients
 * 0: pre-prepare v0 s1 {a1}                              a peer speaks, see {@link Utterance}
 * 0,2,3: commit v0 s1 {a1}                               several do
 * disk                                                   everything written is durable; "disk #2" up to a ticket
 * executed 3                                             the application has come this far
 * wait 50                                                milliseconds pass, timers fire
 * hand over                                              the replica is about to stop
 * restart                                                a crash, and a start from what was durable
 * damage from s3                                         the log's decisions from here on cannot be read any more
 * damage view                                            the log cannot tell any more which view it was in
 * log fails / log works                                  records cannot be made durable for now / can again
 * replica 1 memory=lost                                  starts over as one that lost its log
 * taken s4 x                                             a checkpoint was taken of the state called x
 * want checkpoint                                        somebody wants a checkpoint
 * manifest of s4 lacks 0 1                               the manifest is here, and these parts are not
 * installed s4 executed 6 / failed s4                    a state is in place / is not
 * state                                                  where the replica stands
 * show status / hide persist                             which effects are printed
 * </pre>
 */
final class SoloStage implements Stage {

    private final ScriptedReplica replica;
    private final Utterance utterance;
    private final BatchNotation batches = new BatchNotation();
    private final CheckpointNotation checkpoints;
    private final EffectText text;
    private final Spotlight spotlight = new Spotlight(EnumSet.complementOf(EnumSet.of(Topic.STATUS, Topic.ROSTER)));
    private final List<String> lines = new ArrayList<>();
    private boolean timePasses;

    SoloStage(Words words) {
        int id = (int) words.number();
        Settings settings = new Settings(words);
        Membership membership = settings.membership();
        checkpoints = new CheckpointNotation(membership.quorum().size(), Cluster.initial(membership, 32));
        MessageNotation messages = new MessageNotation(membership.quorum(), batches, checkpoints);
        utterance = new Utterance(messages, batches, checkpoints);
        text = new EffectText(messages, batches, checkpoints);
        ScriptedReplica.ByHand byHand = new ScriptedReplica.ByHand(
                settings.take("disk", "").equals("by-hand"),
                settings.take("execution", "").equals("by-hand"),
                true);
        MemoryLog log = settings.take("memory", "").equals("lost") ? MemoryLog.lost() : new MemoryLog();
        replica = new ScriptedReplica(
                settings.configuration(membership, id), byHand, log, settings.checkpoints(0), 0, this::show);
        settings.end();
    }

    /** What the start led to. */
    List<String> opening() {
        return List.copyOf(lines);
    }

    private void show(ProtocolEffect effect) {
        String line = text.text(effect);
        if (spotlight.isOn(effect)) {
            lines.add(timePasses ? "[" + replica.nowMillis() + "] " + line : line);
        }
    }

    @Override
    public List<String> perform(String command) {
        lines.clear();
        int colon = command.indexOf(": ");
        if (colon >= 0) {
            hear(command.substring(0, colon), command.substring(colon + 2));
        } else {
            perform(new Words(command));
        }
        return List.copyOf(lines);
    }

    private void hear(String speaker, String what) {
        if (speaker.equals("client")) {
            batches.bundles(List.of(what.split(" ")))
                    .forEach(bundle -> replica.step(ProtocolEvent.BundleReceived.ofClient(bundle)));
        } else {
            for (int from : Words.ids(speaker)) {
                utterance.events(from, what, replica.question()).forEach(replica::step);
            }
        }
    }

    private void perform(Words words) {
        if (spotlight.perform(words)) {
            return;
        }
        switch (words.next()) {
            case "disk" -> replica.sync(words.isEmpty() ? Long.MAX_VALUE : words.number('#'));
            case "executed" -> replica.step(new ProtocolEvent.ExecutionAdvanced(words.number()));
            case "wait" -> {
                timePasses = true;
                replica.advanceTo(replica.nowMillis() + words.number());
                timePasses = false;
            }
            case "hand" -> {
                words.expect("over");
                replica.step(new ProtocolEvent.HandOver());
            }
            case "drain" -> replica.step(new ProtocolEvent.Drain(true));
            case "resume" -> replica.step(new ProtocolEvent.Drain(false));
            case "taken" -> {
                long s = words.number('s');
                replica.step(new ProtocolEvent.CheckpointTaken(s, checkpoints.digest(s, words.next())));
            }
            case "want" -> {
                words.expect("checkpoint");
                replica.step(new ProtocolEvent.CheckpointWanted());
            }
            case "manifest" -> {
                words.expect("of");
                long s = words.number('s');
                words.expect("lacks");
                CheckpointNotation.manifest(
                                s, words.rest().stream().map(Integer::valueOf).toList())
                        .forEach(replica::step);
            }
            case "installed" -> {
                long s = words.number('s');
                words.expect("executed");
                replica.step(new ProtocolEvent.Transfer(
                        new StateTransferEvent.Installed(s, words.number(), checkpoints.reconfiguration())));
            }
            case "failed" ->
                replica.step(new ProtocolEvent.Transfer(
                        new StateTransferEvent.Failed(words.number('s'), "the disk is full")));
            case "restart" -> {
                replica.crash();
                replica.restart(replica.nowMillis());
            }
            case "damage" -> {
                if (words.take("view")) {
                    replica.log().damageView();
                } else {
                    words.expect("from");
                    replica.log().damage(words.number('s'));
                }
            }
            case "log" -> {
                boolean works = words.take("works");
                if (!works) {
                    words.expect("fails");
                }
                replica.step(works ? new ProtocolEvent.LogWorks() : new ProtocolEvent.LogFails());
            }
            case "state" -> lines.add(replica.statusText());
            case String other -> throw new ScriptException("no command is called \"" + other + "\"");
        }
        words.end();
    }
}
