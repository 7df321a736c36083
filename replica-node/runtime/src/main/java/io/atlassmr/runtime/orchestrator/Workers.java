package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.runtime.port.TrafficClass;

/** Those that do what the protocol asks for. No method blocks the caller for long, and all keep the order of calls. */
public interface Workers {

    /** Signs in this epoch, sends to all peers, and hands the signed message back to the orchestrator. */
    void broadcast(ProtocolMessage message, Batch batch, long epoch);

    /** Sends a frame to one member; it may be lost. */
    void send(int to, TrafficClass trafficClass, byte[] frame);

    /** Sends a frame to all peers; it may be lost. */
    void sendToAll(TrafficClass trafficClass, byte[] frame);

    /** Writes records and reports the ticket when they are durable. */
    void persist(ProtocolEffect.Persist persist);

    /** From now on these are known, believed and talked to. */
    void know(Roster roster);

    /** Sends a peer the decisions that began epochs, from the log. */
    void serveEpochs(int to, long fromEpoch);

    /** Sends a member decisions from the log. */
    void serveDecisions(int to, long fromSequenceNumber, long toSequenceNumber);

    /**
     * Executes the next decision and reports when it has.
     *
     * @param answered whether others have decided and answered it already
     */
    void execute(Decision decision, boolean answered);

    /** Keeps a checkpoint that is stable, and lets go of those before {@code oldestKept}. */
    void keepCheckpoint(Certificate certificate, long oldestKept);

    /** Makes ready to gather a checkpoint from peers. */
    void beginTransfer(Certificate certificate, CheckpointHeader header);

    /** The newest checkpoint whose manifest is here, 0 for none; known at once. */
    long manifestKnownUpTo();

    /** Puts the gathered checkpoint in place, and executes the log's decisions above it up to {@code replayTo}. */
    void install(long sequenceNumber, long replayTo);

    /** Lets the replies of decisions up to here go. */
    void release(long sequenceNumber);

    /** Answers a bundle from the sessions. */
    void answerAgain(ClientBundle bundle);

    /** Tells a client that there is no room for its requests. */
    void refuse(ClientBundle bundle);
}
