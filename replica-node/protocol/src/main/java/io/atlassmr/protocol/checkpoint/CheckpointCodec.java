package io.atlassmr.protocol.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationStateCodec;
import io.atlassmr.wire.v1.ManifestPage;
import io.atlassmr.wire.v1.PartDescriptor;
import io.atlassmr.wire.v1.PartKind;
import java.util.ArrayList;
import java.util.List;

/** Headers and manifest pages as wire messages. Decoding checks structure and bounds. */
public final class CheckpointCodec {

    private CheckpointCodec() {}

    public static io.atlassmr.wire.v1.CheckpointHeader encode(CheckpointHeader header) {
        return io.atlassmr.wire.v1.CheckpointHeader.newBuilder()
                .setSequenceNumber(header.sequenceNumber())
                .setAgreedTimeMillis(header.agreedTimeMillis())
                .setHistoryDigest(wrap(header.historyDigest()))
                .setReconfiguration(ReconfigurationStateCodec.encode(header.reconfiguration()))
                .setPageCount(header.pageCount())
                .setPagesRoot(wrap(header.pagesRoot()))
                .setPartCount(header.partCount())
                .setSizeBytes(header.sizeBytes())
                .build();
    }

    /**
     * @throws MalformedMessageException if a field is out of range or of the wrong length
     */
    public static CheckpointHeader decode(io.atlassmr.wire.v1.CheckpointHeader wire) throws MalformedMessageException {
        int partCount = wire.getPartCount();
        int pageCount = wire.getPageCount();
        boolean pagesFit = partCount >= 0
                && partCount <= Manifest.MAX_PARTS
                && pageCount == Math.max(1, Math.ceilDiv(partCount, Manifest.PARTS_PER_PAGE));
        if (wire.getSequenceNumber() < 1 || wire.getAgreedTimeMillis() < 0 || wire.getSizeBytes() < 0 || !pagesFit) {
            throw new MalformedMessageException("a checkpoint header out of range");
        }
        return new CheckpointHeader(
                wire.getSequenceNumber(),
                wire.getAgreedTimeMillis(),
                digest(wire.getHistoryDigest()),
                ReconfigurationStateCodec.decode(wire.getReconfiguration()),
                pageCount,
                digest(wire.getPagesRoot()),
                partCount,
                wire.getSizeBytes());
    }

    static byte[] encodePage(List<Part> parts) {
        ManifestPage.Builder page = ManifestPage.newBuilder();
        for (Part part : parts) {
            page.addParts(encode(part));
        }
        return page.build().toByteArray();
    }

    private static PartDescriptor encode(Part part) {
        return PartDescriptor.newBuilder()
                .setKind(
                        switch (part.kind()) {
                            case SESSIONS -> PartKind.SESSIONS;
                            case APPLICATION -> PartKind.APPLICATION;
                        })
                .setId(UnsafeByteOperations.unsafeWrap(part.id()))
                .setVersion(part.version())
                .setDigest(wrap(part.digest()))
                .setSizeBytes(part.sizeBytes())
                .build();
    }

    public static io.atlassmr.wire.v1.CompactPage encode(CompactPage page) {
        io.atlassmr.wire.v1.CompactPage.Builder wire = io.atlassmr.wire.v1.CompactPage.newBuilder()
                .setKnown(UnsafeByteOperations.unsafeWrap(page.known()))
                .addAllChangedAt(page.changedAt());
        page.changed().forEach(part -> wire.addChanged(encode(part)));
        return wire.build();
    }

    /**
     * @throws MalformedMessageException if it is not of a page within bounds
     */
    public static CompactPage decode(io.atlassmr.wire.v1.CompactPage wire) throws MalformedMessageException {
        int partCount = wire.getKnown().size() / CompactPage.NAME_BYTES + wire.getChangedCount();
        if (wire.getKnown().size() % CompactPage.NAME_BYTES != 0
                || wire.getChangedAtCount() != wire.getChangedCount()
                || partCount > Manifest.PARTS_PER_PAGE) {
            throw new MalformedMessageException(
                    "a compact manifest page of " + partCount + " parts, " + wire.getChangedAtCount() + " places and "
                            + wire.getKnown().size() + " bytes of names");
        }
        return new CompactPage(
                wire.getKnown().toByteArray(), wire.getChangedAtList(), decodeParts(wire.getChangedList()));
    }

    /**
     * The parts that a page names.
     *
     * @throws MalformedMessageException if it is not a page within bounds
     */
    public static List<Part> decodePage(byte[] page) throws MalformedMessageException {
        ManifestPage wire;
        try {
            wire = ManifestPage.parseFrom(page);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a manifest page: " + e.getMessage(), e);
        }
        if (wire.getPartsCount() > Manifest.PARTS_PER_PAGE) {
            throw new MalformedMessageException("a manifest page of " + wire.getPartsCount() + " parts");
        }
        return decodeParts(wire.getPartsList());
    }

    private static List<Part> decodeParts(List<PartDescriptor> descriptors) throws MalformedMessageException {
        List<Part> parts = new ArrayList<>(descriptors.size());
        for (PartDescriptor part : descriptors) {
            if (part.getId().size() > DivisibleState.MAX_PART_ID_BYTES
                    || part.getSizeBytes() < 0
                    || part.getSizeBytes() > DivisibleState.MAX_PART_BYTES
                    || part.getVersion() < 0) {
                throw new MalformedMessageException("a part out of range");
            }
            Part.Kind kind = switch (part.getKind()) {
                case SESSIONS -> Part.Kind.SESSIONS;
                case APPLICATION -> Part.Kind.APPLICATION;
                case PART_KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedMessageException("a part of unknown kind");
            };
            parts.add(new Part(
                    kind,
                    part.getId().toByteArray(),
                    part.getVersion(),
                    digest(part.getDigest()),
                    part.getSizeBytes()));
        }
        return parts;
    }

    private static Digest digest(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() != Digest.SIZE_BYTES) {
            throw new MalformedMessageException("a digest of " + bytes.size() + " bytes");
        }
        return Digest.of(bytes.toByteArray());
    }

    private static ByteString wrap(Digest digest) {
        return UnsafeByteOperations.unsafeWrap(digest.toByteArray());
    }
}
