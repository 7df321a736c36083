package io.atlassmr.simulation.scenario;

/** How a replica lies. It runs the real replica otherwise, and signs with its own key only. */
public enum LieKind {
    /** Proposes different batches to different replicas, and votes with each for what it was told. */
    EQUIVOCATION,
    /** Says nothing while it leads. */
    MUTE_LEADER,
    /** Proposes late. */
    SLOW_LEADER,
    /** Proposes nothing, over and over, in place of what clients ask for. */
    EMPTY_PROPOSALS,
    /** Proposes again what was decided long ago, several times over. */
    STALE_PROPOSALS,
    /** Ignores the requests of one client. */
    CENSORSHIP,
    /** Votes twice. */
    DOUBLE_VOTE,
    /** Sends messages of others, of strangers, of clients and of other epochs that they never signed. */
    FORGERY,
    /** Sends again what it once heard. */
    REPLAY,
    /** Opens views with what was said for earlier ones. */
    STALE_NEW_VIEW,
    /** Opens views nobody asked for, with made-up proofs. */
    FABRICATED_NEW_VIEW,
    /** Opens a view differently for different replicas. */
    EQUIVOCATING_NEW_VIEW,
    /** Conceals in view changes what it prepared. */
    HIDING_VIEW_CHANGE,
    /** Sends bytes that mean nothing, or almost something. */
    GARBAGE,
    /** Claims to be far ahead, suspects everybody, asks for what does not exist. */
    FALSE_STATUS,
    /** Gives clients wrong answers. */
    FALSE_REPLIES,
    /** Keeps its commits and the decisions they make to itself. */
    WITHHOLDING,
    /** Gets decisions that only it can prove, has the others decide otherwise at the same places, and shows its proof to one. */
    REWRITING,
    /** Talks to some replicas only. */
    SELECTIVE_SILENCE,
    /** Gives pages and parts of states that are damaged, mixed up or another's. */
    CORRUPT_PARTS,
    /** Offers its first checkpoint for ever. */
    OLD_CHECKPOINT,
    /** Offers checkpoints that too few have signed, or nobody. */
    FORGED_CHECKPOINT,
    /** Offers, claims to have and gives what lies at heights that do not exist. */
    FALSE_HEIGHT,
    /** Offers its checkpoint and log and does not give them. */
    STALLED_TRANSFER,
    /** Votes as an observer, and asks to join with positions that it made up. */
    UNINVITED_VOTES,
    /** Tells of memberships that nobody decided on. */
    FORGED_EPOCHS,
    /** Decides with keys that count no longer, a quorum of an earlier epoch, what belongs to this one. */
    OLD_QUORUM
}
