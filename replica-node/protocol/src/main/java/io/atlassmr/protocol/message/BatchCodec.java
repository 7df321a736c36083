package io.atlassmr.protocol.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.util.ArrayList;
import java.util.List;

/** Batches and bundles as bytes. Parsing checks structure and bounds, not signatures. */
public final class BatchCodec {

    /** Most bytes of an encoded batch. */
    public static final int MAX_BATCH_BYTES = 8 << 20;
    /** Most bytes of a bundle's payload. */
    public static final int MAX_BUNDLE_BYTES = 4 << 20;
    /** Most requests in a bundle. */
    public static final int MAX_BUNDLE_REQUESTS = 1024;
    /** Most replicas that a bundle names to answer it. */
    public static final int MAX_ANSWERS = 64;
    /** Most bundles in a batch. */
    public static final int MAX_BATCH_BUNDLES = 16_384;
    /** Most commands in a batch. */
    public static final int MAX_BATCH_COMMANDS = 16;

    private BatchCodec() {}

    /** The batch of these bundles in this order. */
    public static Batch encode(long agreedTimeMillis, List<ClientBundle> bundles) {
        return encode(agreedTimeMillis, false, bundles);
    }

    /** The batch of these bundles in this order, which may ask for a checkpoint after it. */
    public static Batch encode(long agreedTimeMillis, boolean checkpoint, List<ClientBundle> bundles) {
        return encode(agreedTimeMillis, checkpoint, bundles, List.of());
    }

    /** The batch of these bundles and commands in their orders, which may ask for a checkpoint after it. */
    public static Batch encode(
            long agreedTimeMillis, boolean checkpoint, List<ClientBundle> bundles, List<SignedCommand> commands) {
        return encode(agreedTimeMillis, checkpoint, bundles, commands, null);
    }

    /** The last batch of an epoch, after which this one begins. */
    public static Batch encodeLast(long agreedTimeMillis, Epoch next) {
        return encode(agreedTimeMillis, false, List.of(), List.of(), next);
    }

    private static Batch encode(
            long agreedTimeMillis,
            boolean checkpoint,
            List<ClientBundle> bundles,
            List<SignedCommand> commands,
            Epoch epoch) {
        var builder = io.atlassmr.wire.v1.Batch.newBuilder()
                .setAgreedTimeMillis(agreedTimeMillis)
                .setCheckpoint(checkpoint);
        for (ClientBundle bundle : bundles) {
            builder.addBundles(toWire(bundle));
        }
        commands.forEach(command -> builder.addCommands(CommandCodec.toWire(command)));
        if (epoch != null) {
            builder.setEpoch(EpochCodec.encode(epoch));
        }
        byte[] encoded = builder.build().toByteArray();
        return new Batch(Sha256.of(encoded), agreedTimeMillis, checkpoint, bundles, commands, epoch, encoded);
    }

    /**
     * @throws MalformedMessageException if the bytes are not a batch within bounds
     */
    public static Batch decode(byte[] encoded) throws MalformedMessageException {
        if (encoded.length > MAX_BATCH_BYTES) {
            throw new MalformedMessageException("a batch of " + encoded.length + " bytes, at most " + MAX_BATCH_BYTES);
        }
        try {
            var wire = io.atlassmr.wire.v1.Batch.parseFrom(encoded);
            if (wire.getBundlesCount() > MAX_BATCH_BUNDLES) {
                throw new MalformedMessageException(
                        "a batch of " + wire.getBundlesCount() + " bundles, at most " + MAX_BATCH_BUNDLES);
            }
            if (wire.getAgreedTimeMillis() < 0) {
                throw new MalformedMessageException("a batch with negative agreed time");
            }
            List<ClientBundle> bundles = new ArrayList<>(wire.getBundlesCount());
            for (SignedBundle bundle : wire.getBundlesList()) {
                bundles.add(decode(bundle));
            }
            if (wire.getCommandsCount() > MAX_BATCH_COMMANDS) {
                throw new MalformedMessageException(
                        "a batch of " + wire.getCommandsCount() + " commands, at most " + MAX_BATCH_COMMANDS);
            }
            List<SignedCommand> commands = new ArrayList<>(wire.getCommandsCount());
            for (var command : wire.getCommandsList()) {
                commands.add(CommandCodec.decode(command));
            }
            return new Batch(
                    Sha256.of(encoded),
                    wire.getAgreedTimeMillis(),
                    wire.getCheckpoint(),
                    bundles,
                    commands,
                    wire.hasEpoch() ? EpochCodec.decode(wire.getEpoch()) : null,
                    encoded);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a batch: " + e.getMessage(), e);
        }
    }

    /**
     * @throws MalformedMessageException if the bundle's payload is not a bundle within bounds
     */
    public static ClientBundle decode(SignedBundle signed) throws MalformedMessageException {
        int sizeBytes = signed.getPayload().size();
        if (sizeBytes > MAX_BUNDLE_BYTES) {
            throw new MalformedMessageException("a bundle of " + sizeBytes + " bytes, at most " + MAX_BUNDLE_BYTES);
        }
        if (signed.getSignature().size() != 64) {
            throw new MalformedMessageException(
                    "a bundle's signature of " + signed.getSignature().size() + " bytes, not 64");
        }
        try {
            Bundle wire = Bundle.parseFrom(signed.getPayload());
            if (wire.getClientId().size() != ClientId.SIZE_BYTES) {
                throw new MalformedMessageException(
                        "a client id of " + wire.getClientId().size() + " bytes, not " + ClientId.SIZE_BYTES);
            }
            int count = wire.getRequestsCount();
            if (count < 1 || count > MAX_BUNDLE_REQUESTS) {
                throw new MalformedMessageException("a bundle of " + count + " requests, 1 to " + MAX_BUNDLE_REQUESTS);
            }
            if (wire.getSignedAtMillis() < 0 || wire.getAnsweredBelow() < 0) {
                throw new MalformedMessageException("a bundle with a negative time or number");
            }
            if (wire.getAnswerFromCount() > MAX_ANSWERS) {
                throw new MalformedMessageException(
                        "a bundle for " + wire.getAnswerFromCount() + " answers, at most " + MAX_ANSWERS);
            }
            List<ClientRequest> requests = new ArrayList<>(count);
            long previous = 0;
            for (Request request : wire.getRequestsList()) {
                if (request.getNumber() <= previous) {
                    throw new MalformedMessageException(
                            "request number " + request.getNumber() + " after " + previous + ", numbers ascend from 1");
                }
                previous = request.getNumber();
                requests.add(new ClientRequest(
                        request.getNumber(), request.getOperation().toByteArray()));
            }
            byte[] payload = signed.getPayload().toByteArray();
            return new ClientBundle(
                    Sha256.of(payload),
                    ClientId.of(wire.getClientId().toByteArray()),
                    wire.getSignedAtMillis(),
                    wire.getAnsweredBelow(),
                    requests,
                    wire.getAnswerFromList(),
                    payload,
                    signed.getSignature().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a bundle: " + e.getMessage(), e);
        }
    }

    /** The bundle as it came from its client. */
    public static SignedBundle toWire(ClientBundle bundle) {
        return SignedBundle.newBuilder()
                .setPayload(wrap(bundle.payload()))
                .setSignature(wrap(bundle.signature()))
                .build();
    }

    private static ByteString wrap(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
