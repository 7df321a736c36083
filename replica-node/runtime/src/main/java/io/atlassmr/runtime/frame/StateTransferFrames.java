package io.atlassmr.runtime.frame;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointCodec;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.CompactPage;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.wire.v1.PeerMessage;
import io.atlassmr.wire.v1.StateTransfer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Frames of state transfer: made from what is to be said, and turned into what they say. */
public final class StateTransferFrames {

    private static final int MAX_ITEMS_PER_REQUEST = 256;
    private static final int MAX_PATH = 32;

    private StateTransferFrames() {}

    /** What a frame asks for. */
    public sealed interface StateRequest {}

    /** The newest stable checkpoint, and how far the peer is. */
    public record OfferRequest() implements StateRequest {}

    /** Pages of a manifest, in short as far as the manifest at {@code knownUpTo} is known; 0 if none is. */
    public record PagesRequest(long sequenceNumber, List<Integer> pages, long knownUpTo) implements StateRequest {}

    /** Parts of a checkpoint, by their place in the manifest. */
    public record PartsRequest(long sequenceNumber, List<Integer> indexes) implements StateRequest {}

    /** Bytes of a checkpoint that were asked for, not checked against its certificate yet. */
    public sealed interface StateContent {

        /** Of which checkpoint. */
        long sequenceNumber();

        /** How many bytes of the checkpoint these are, or prove that they belong to it. */
        long sizeBytes();

        /** SHA-256 of each part that it has, computed by whoever asks: that takes longer than all else that is done to a part. */
        default List<Digest> partDigests() {
            return List.of();
        }
    }

    /** A page of a manifest, with what leads to the pages' root. */
    public record PageContent(long sequenceNumber, int page, byte[] content, List<Digest> path)
            implements StateContent {

        @Override
        public long sizeBytes() {
            return content.length + (long) path.size() * Digest.SIZE_BYTES;
        }
    }

    /** A page of a manifest in short, with what leads from the page to the pages' root. */
    public record CompactPageContent(long sequenceNumber, int page, CompactPage content, List<Digest> path)
            implements StateContent {

        @Override
        public long sizeBytes() {
            // A little less than on the wire.
            return content.known().length
                    + content.changed().stream()
                            .mapToLong(part -> part.id().length + 48L)
                            .sum()
                    + (long) path.size() * Digest.SIZE_BYTES;
        }
    }

    /** Parts. */
    public record PartsContent(long sequenceNumber, List<PartContent> parts) implements StateContent {

        @Override
        public long sizeBytes() {
            return parts.stream().mapToLong(part -> part.content().length).sum();
        }

        @Override
        public List<Digest> partDigests() {
            MessageDigest sha256 = Sha256.newMessageDigest();
            return parts.stream()
                    .map(part -> Digest.of(sha256.digest(part.content())))
                    .toList();
        }
    }

    /** A part, by its place in the manifest. */
    public record PartContent(int index, byte[] content) {}

    /** An offer, verified. */
    static CheckpointOffer offer(io.atlassmr.wire.v1.CheckpointOffer wire, MessageVerification verification)
            throws MalformedMessageException, RejectedMessageException {
        Certificate certificate = null;
        CheckpointHeader header = null;
        if (wire.hasCertificate()) {
            certificate = ProtocolCodec.decode(wire.getCertificate());
            header = CheckpointCodec.decode(wire.getHeader());
            if (header.sequenceNumber() != certificate.sequenceNumber()
                    || !header.digest().equals(certificate.digest())) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "an offer whose header is not what its certificate is about");
            }
            verification.verifyCheckpoint(certificate);
        }
        Certificate lastDecided = null;
        if (wire.hasLastDecided()) {
            lastDecided = ProtocolCodec.decode(wire.getLastDecided());
            verification.verifyCommits(lastDecided);
        }
        return new CheckpointOffer(certificate, header, lastDecided);
    }

    static StateRequest request(StateTransfer wire) throws MalformedMessageException {
        return switch (wire.getBodyCase()) {
            case CHECKPOINT_REQUEST -> new OfferRequest();
            case MANIFEST_REQUEST ->
                new PagesRequest(
                        wire.getManifestRequest().getSequenceNumber(),
                        bounded(wire.getManifestRequest().getPagesList()),
                        wire.getManifestRequest().getKnownUpTo());
            case PARTS_REQUEST ->
                new PartsRequest(
                        wire.getPartsRequest().getSequenceNumber(),
                        bounded(wire.getPartsRequest().getIndexesList()));
            default -> throw new MalformedMessageException("no request: " + wire.getBodyCase());
        };
    }

    private static List<Integer> bounded(List<Integer> items) throws MalformedMessageException {
        if (items.size() > MAX_ITEMS_PER_REQUEST) {
            throw new MalformedMessageException(
                    "a request for " + items.size() + " items, at most " + MAX_ITEMS_PER_REQUEST);
        }
        return List.copyOf(items);
    }

    static StateContent content(StateTransfer wire) throws MalformedMessageException {
        return switch (wire.getBodyCase()) {
            case MANIFEST_ANSWER -> {
                var answer = wire.getManifestAnswer();
                if (answer.getPathCount() > MAX_PATH) {
                    throw new MalformedMessageException("a path of " + answer.getPathCount() + " digests");
                }
                List<Digest> path = new ArrayList<>();
                for (ByteString digest : answer.getPathList()) {
                    if (digest.size() != Digest.SIZE_BYTES) {
                        throw new MalformedMessageException("a digest of " + digest.size() + " bytes");
                    }
                    path.add(Digest.of(digest.toByteArray()));
                }
                yield answer.hasCompact()
                        ? new CompactPageContent(
                                answer.getSequenceNumber(),
                                answer.getPage(),
                                CheckpointCodec.decode(answer.getCompact()),
                                path)
                        : new PageContent(
                                answer.getSequenceNumber(),
                                answer.getPage(),
                                answer.getContent().toByteArray(),
                                path);
            }
            case PARTS_ANSWER -> {
                var answer = wire.getPartsAnswer();
                if (answer.getPartsCount() > MAX_ITEMS_PER_REQUEST) {
                    throw new MalformedMessageException(
                            "an answer of " + answer.getPartsCount() + " parts, at most " + MAX_ITEMS_PER_REQUEST);
                }
                yield new PartsContent(
                        answer.getSequenceNumber(),
                        answer.getPartsList().stream()
                                .map(part -> new PartContent(
                                        part.getIndex(), part.getContent().toByteArray()))
                                .toList());
            }
            default -> throw new MalformedMessageException("no content: " + wire.getBodyCase());
        };
    }

    /** Asks for the newest stable checkpoint. */
    public static byte[] offerRequest() {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder().getCheckpointRequestBuilder();
        return frame.build().toByteArray();
    }

    /**
     * Offers; objects may be null where there is nothing.
     *
     * @param epoch the newest that this replica knows
     */
    public static byte[] offer(Certificate certificate, CheckpointHeader header, Certificate lastDecided, long epoch) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var offer = frame.getStateTransferBuilder().getCheckpointOfferBuilder().setEpoch(epoch);
        if (certificate != null) {
            offer.setCertificate(ProtocolCodec.encode(certificate)).setHeader(CheckpointCodec.encode(header));
        }
        if (lastDecided != null) {
            offer.setLastDecided(ProtocolCodec.encode(lastDecided));
        }
        return frame.build().toByteArray();
    }

    /** Asks for pages; see {@link PagesRequest}. */
    public static byte[] pagesRequest(long sequenceNumber, List<Integer> pages, long knownUpTo) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder()
                .getManifestRequestBuilder()
                .setSequenceNumber(sequenceNumber)
                .addAllPages(pages)
                .setKnownUpTo(knownUpTo);
        return frame.build().toByteArray();
    }

    /** Asks for parts. */
    public static byte[] partsRequest(long sequenceNumber, List<Integer> indexes) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder()
                .getPartsRequestBuilder()
                .setSequenceNumber(sequenceNumber)
                .addAllIndexes(indexes);
        return frame.build().toByteArray();
    }

    /** A page. */
    public static byte[] page(long sequenceNumber, int page, byte[] content, List<Digest> path) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var answer = frame.getStateTransferBuilder()
                .getManifestAnswerBuilder()
                .setSequenceNumber(sequenceNumber)
                .setPage(page)
                .setContent(UnsafeByteOperations.unsafeWrap(content));
        path.forEach(digest -> answer.addPath(UnsafeByteOperations.unsafeWrap(digest.toByteArray())));
        return frame.build().toByteArray();
    }

    /** A page in short. */
    public static byte[] page(long sequenceNumber, int page, CompactPage content, List<Digest> path) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var answer = frame.getStateTransferBuilder()
                .getManifestAnswerBuilder()
                .setSequenceNumber(sequenceNumber)
                .setPage(page)
                .setCompact(CheckpointCodec.encode(content));
        path.forEach(digest -> answer.addPath(UnsafeByteOperations.unsafeWrap(digest.toByteArray())));
        return frame.build().toByteArray();
    }

    /** Parts. */
    public static byte[] parts(long sequenceNumber, List<PartContent> parts) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        var answer = frame.getStateTransferBuilder().getPartsAnswerBuilder().setSequenceNumber(sequenceNumber);
        parts.forEach(part -> answer.addPartsBuilder()
                .setIndex(part.index())
                .setContent(UnsafeByteOperations.unsafeWrap(part.content())));
        return frame.build().toByteArray();
    }

    /** Says that a checkpoint is not kept here. */
    public static byte[] notKept(long sequenceNumber) {
        PeerMessage.Builder frame = PeerMessage.newBuilder();
        frame.getStateTransferBuilder().getNotKeptBuilder().setSequenceNumber(sequenceNumber);
        return frame.build().toByteArray();
    }
}
