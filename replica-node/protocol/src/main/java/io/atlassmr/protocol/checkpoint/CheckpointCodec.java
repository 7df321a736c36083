package io.atlassmr.protocol.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationStateCodec;
import io.atlassmr.wire.v1.ManifestPage;
import io.atlassmr.wire.v1.PartDescriptor;
import io.atlassmr.wire.v1.PartKind;
import java.io.IOException;
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
     * The parts that a page names. Read without an object for each field on the way, as a large state has a hundred pages.
     *
     * @throws MalformedMessageException if it is not a page within bounds
     */
    public static List<Part> decodePage(byte[] page) throws MalformedMessageException {
        List<Part> parts = new ArrayList<>();
        try {
            CodedInputStream input = CodedInputStream.newInstance(page);
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                if (tag != PartTags.OF_PAGE) {
                    skip(input, tag);
                    continue;
                }
                if (parts.size() == Manifest.PARTS_PER_PAGE) {
                    throw new MalformedMessageException(
                            "a manifest page of more than " + Manifest.PARTS_PER_PAGE + " parts");
                }
                int outer = input.pushLimit(input.readRawVarint32());
                parts.add(decodePart(input));
                input.popLimit(outer);
            }
        } catch (IOException e) {
            throw new MalformedMessageException("not a manifest page: " + e.getMessage(), e);
        }
        return parts;
    }

    /** Up to the limit. */
    private static Part decodePart(CodedInputStream input) throws IOException, MalformedMessageException {
        int kind = 0;
        byte[] id = {};
        long version = 0;
        byte[] digest = {};
        int sizeBytes = 0;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case PartTags.KIND -> kind = input.readEnum();
                case PartTags.ID -> id = input.readByteArray();
                case PartTags.VERSION -> version = input.readUInt64();
                case PartTags.DIGEST -> digest = input.readByteArray();
                case PartTags.SIZE_BYTES -> sizeBytes = input.readUInt32();
                default -> skip(input, tag);
            }
        }
        if (digest.length != Digest.SIZE_BYTES) {
            throw new MalformedMessageException("a digest of " + digest.length + " bytes");
        }
        return part(PartKind.forNumber(kind), id, version, Digest.of(digest), sizeBytes);
    }

    /** Tags of a {@link PartDescriptor}, and of one within its page. */
    private static final class PartTags {
        static final int OF_PAGE = ManifestPage.PARTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        static final int KIND = PartDescriptor.KIND_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;
        static final int ID = PartDescriptor.ID_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        static final int VERSION = PartDescriptor.VERSION_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;
        static final int DIGEST = PartDescriptor.DIGEST_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        static final int SIZE_BYTES = PartDescriptor.SIZE_BYTES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;

        private PartTags() {}
    }

    private static void skip(CodedInputStream input, int tag) throws IOException, MalformedMessageException {
        if (!input.skipField(tag)) {
            throw new MalformedMessageException("a manifest page with a group that ends nowhere");
        }
    }

    private static List<Part> decodeParts(List<PartDescriptor> descriptors) throws MalformedMessageException {
        List<Part> parts = new ArrayList<>(descriptors.size());
        for (PartDescriptor part : descriptors) {
            parts.add(part(
                    part.getKind(),
                    part.getId().toByteArray(),
                    part.getVersion(),
                    digest(part.getDigest()),
                    part.getSizeBytes()));
        }
        return parts;
    }

    /** Within bounds. */
    private static Part part(PartKind wireKind, byte[] id, long version, Digest digest, int sizeBytes)
            throws MalformedMessageException {
        if (id.length > DivisibleState.MAX_PART_ID_BYTES
                || sizeBytes < 0
                || sizeBytes > DivisibleState.MAX_PART_BYTES
                || version < 0) {
            throw new MalformedMessageException("a part out of range");
        }
        Part.Kind kind = switch (wireKind) {
            case SESSIONS -> Part.Kind.SESSIONS;
            case APPLICATION -> Part.Kind.APPLICATION;
            case null, default -> throw new MalformedMessageException("a part of unknown kind");
        };
        return new Part(kind, id, version, digest, sizeBytes);
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
