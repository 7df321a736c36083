package io.atlassmr.simulation.liar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.wire.v1.PeerMessage;

/**
 * A frame for one member, read so that it can be lied about.
 *
 * @param message what the frame says; null if it means nothing
 * @param signed the signed message that the frame is, null if it is none
 * @param batch the body beside it, null if there is none
 */
public record Letter(
        int to,
        TrafficClass trafficClass,
        byte[] frame,
        PeerMessage message,
        Signed<? extends ProtocolMessage> signed,
        Batch batch) {

    /** Reads a frame. */
    public static Letter read(int to, TrafficClass trafficClass, byte[] frame) {
        PeerMessage message;
        try {
            message = PeerMessage.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            return new Letter(to, trafficClass, frame, null, null, null);
        }
        if (!message.hasProtocol()) {
            return new Letter(to, trafficClass, frame, message, null, null);
        }
        try {
            Signed<? extends ProtocolMessage> signed = ProtocolCodec.decode(message.getProtocol());
            Batch batch = signed.message() instanceof PrePrepare
                    ? BatchCodec.decode(message.getProtocol().getBatch().toByteArray())
                    : null;
            return new Letter(to, trafficClass, frame, message, signed, batch);
        } catch (MalformedMessageException e) {
            return new Letter(to, trafficClass, frame, message, null, null);
        }
    }

    /** A letter with a signed message. */
    public static Letter of(int to, Signed<? extends ProtocolMessage> signed, Batch batch) {
        return read(to, TrafficClass.PROTOCOL, PeerFrames.message(signed, batch));
    }

    /** The protocol message in it, null if there is none. */
    public ProtocolMessage says() {
        return signed == null ? null : signed.message();
    }
}
