package io.atlassmr.simulation.lies;

import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.lies.leading.Censorship;
import io.atlassmr.simulation.lies.leading.EmptyProposals;
import io.atlassmr.simulation.lies.leading.Equivocation;
import io.atlassmr.simulation.lies.leading.MuteLeader;
import io.atlassmr.simulation.lies.leading.SlowLeader;
import io.atlassmr.simulation.lies.leading.StaleProposals;
import io.atlassmr.simulation.lies.members.ForgedEpochs;
import io.atlassmr.simulation.lies.members.OldQuorum;
import io.atlassmr.simulation.lies.members.UninvitedVotes;
import io.atlassmr.simulation.lies.noise.FalseReplies;
import io.atlassmr.simulation.lies.noise.FalseStatus;
import io.atlassmr.simulation.lies.noise.Forgery;
import io.atlassmr.simulation.lies.noise.Garbage;
import io.atlassmr.simulation.lies.noise.Replay;
import io.atlassmr.simulation.lies.state.CorruptParts;
import io.atlassmr.simulation.lies.state.FalseHeight;
import io.atlassmr.simulation.lies.state.ForgedCheckpoint;
import io.atlassmr.simulation.lies.state.OldCheckpoint;
import io.atlassmr.simulation.lies.state.StalledTransfer;
import io.atlassmr.simulation.lies.views.EquivocatingNewView;
import io.atlassmr.simulation.lies.views.FabricatedNewView;
import io.atlassmr.simulation.lies.views.HidingViewChange;
import io.atlassmr.simulation.lies.views.StaleNewView;
import io.atlassmr.simulation.lies.voting.DoubleVote;
import io.atlassmr.simulation.lies.voting.Rewriting;
import io.atlassmr.simulation.lies.voting.SelectiveSilence;
import io.atlassmr.simulation.lies.voting.Withholding;
import io.atlassmr.simulation.scenario.LieKind;

/** All ways to lie. */
public final class Lies {

    private Lies() {}

    /** A way for this liar to lie. */
    public static Lie of(LieKind kind, Liar liar) {
        return switch (kind) {
            case CENSORSHIP -> new Censorship(liar);
            case CORRUPT_PARTS -> new CorruptParts(liar);
            case DOUBLE_VOTE -> new DoubleVote(liar);
            case EMPTY_PROPOSALS -> new EmptyProposals(liar);
            case EQUIVOCATING_NEW_VIEW -> new EquivocatingNewView(liar);
            case EQUIVOCATION -> new Equivocation(liar);
            case FABRICATED_NEW_VIEW -> new FabricatedNewView(liar);
            case FALSE_HEIGHT -> new FalseHeight(liar);
            case FALSE_REPLIES -> new FalseReplies(liar);
            case FALSE_STATUS -> new FalseStatus(liar);
            case FORGED_CHECKPOINT -> new ForgedCheckpoint(liar);
            case FORGED_EPOCHS -> new ForgedEpochs(liar);
            case FORGERY -> new Forgery(liar);
            case GARBAGE -> new Garbage(liar);
            case HIDING_VIEW_CHANGE -> new HidingViewChange(liar);
            case MUTE_LEADER -> new MuteLeader(liar);
            case OLD_CHECKPOINT -> new OldCheckpoint(liar);
            case OLD_QUORUM -> new OldQuorum(liar);
            case REPLAY -> new Replay(liar);
            case REWRITING -> new Rewriting(liar);
            case SELECTIVE_SILENCE -> new SelectiveSilence(liar);
            case SLOW_LEADER -> new SlowLeader(liar);
            case STALLED_TRANSFER -> new StalledTransfer(liar);
            case STALE_NEW_VIEW -> new StaleNewView(liar);
            case STALE_PROPOSALS -> new StaleProposals(liar);
            case UNINVITED_VOTES -> new UninvitedVotes(liar);
            case WITHHOLDING -> new Withholding(liar);
        };
    }
}
