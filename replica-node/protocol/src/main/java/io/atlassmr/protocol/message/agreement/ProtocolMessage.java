package io.atlassmr.protocol.message.agreement;

/** What members, and those who want to be, say to each other under their signature. Immutable; nothing in it has been believed yet. */
public sealed interface ProtocolMessage
        permits PrePrepare, Vote, Suspect, ViewChange, NewView, CheckpointVote, JoinRequest, JoinApproval {

    /** The view the message speaks about, from 0; 0 where it speaks about none. */
    long view();
}
