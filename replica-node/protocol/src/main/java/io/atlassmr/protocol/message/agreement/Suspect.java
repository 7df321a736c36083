package io.atlassmr.protocol.message.agreement;

/**
 * "The leader of this view does not serve." Its sender goes on voting until f + 1 members say so.
 *
 * @param handover said by the leader of the view itself, which steps down: one is enough
 */
public record Suspect(long view, boolean handover) implements ProtocolMessage {}
