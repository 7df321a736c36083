package io.atlassmr.kv.parts;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The parts of a saved state, big-endian: magic (4), version (2), name of the directory with its entries (length (2),
 * ASCII), part count (4), the parts in ascending order (id length (2), id, version (8), digest (32), size (4)), CRC-32C
 * of all before (4), end of file.
 */
public final class PartsFile {

    private static final int MAGIC = 0x41_54_4B_50; // "ATKP"
    private static final int VERSION = 1;
    private static final int MIN_PART_BYTES = Short.BYTES + 1 + Long.BYTES + PartDigest.SIZE_BYTES + Integer.BYTES;
    private static final int BUFFER_BYTES = 1 << 16;

    private PartsFile() {}

    /** Writes the file; the caller makes it durable. */
    public static void write(Path file, String entriesName, PartList parts) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
            CheckedOutputStream checked = new CheckedOutputStream(output, new CRC32C());
            DataOutputStream data = new DataOutputStream(checked);
            data.writeInt(MAGIC);
            data.writeShort(VERSION);
            data.writeUTF(entriesName);
            data.writeInt(parts.size());
            for (PartDescriptor part : parts.asList()) {
                data.writeShort(part.id().length);
                data.write(part.id());
                data.writeLong(part.version());
                data.write(part.digest());
                data.writeInt(part.sizeBytes());
            }
            data.writeInt((int) checked.getChecksum().getValue());
        }
    }

    /**
     * The name of the directory with the entries; reads no further.
     *
     * @throws IOException if the file is not there, or does not begin like one
     */
    public static String readEntriesName(Path file) throws IOException {
        try (DataInputStream data = new DataInputStream(Files.newInputStream(file))) {
            return readHead(file, data);
        } catch (EOFException e) {
            throw cutShort(file, e);
        }
    }

    /**
     * The parts.
     *
     * @throws IOException if the file is not there, or damaged
     */
    public static PartList readParts(Path file) throws IOException {
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            CheckedInputStream checked = new CheckedInputStream(input, new CRC32C());
            DataInputStream data = new DataInputStream(checked);
            String _ = readHead(file, data);
            int partCount = data.readInt();
            if (partCount < 0 || partCount > Files.size(file) / MIN_PART_BYTES) {
                throw damaged(file, "it declares " + partCount + " parts");
            }
            List<PartDescriptor> parts = new ArrayList<>(partCount);
            byte[] previousId = {};
            for (int i = 0; i < partCount; i++) {
                PartDescriptor part = readPart(file, data);
                if (Arrays.compareUnsigned(part.id(), previousId) <= 0) {
                    throw damaged(file, "parts are out of order after part " + i);
                }
                parts.add(part);
                previousId = part.id();
            }
            int checksum = (int) checked.getChecksum().getValue();
            if (data.readInt() != checksum) {
                throw damaged(file, "its checksum is wrong");
            }
            if (data.read() != -1) {
                throw damaged(file, "other bytes follow");
            }
            return new PartList(parts);
        } catch (EOFException e) {
            throw cutShort(file, e);
        }
    }

    private static String readHead(Path file, DataInputStream data) throws IOException {
        int magic = data.readInt();
        if (magic != MAGIC) {
            throw damaged(file, "it begins with 0x" + Integer.toHexString(magic));
        }
        int version = data.readUnsignedShort();
        if (version != VERSION) {
            throw new IOException(file + " is of version " + version + ", this build reads " + VERSION);
        }
        return data.readUTF();
    }

    private static PartDescriptor readPart(Path file, DataInputStream data) throws IOException {
        int idBytes = data.readUnsignedShort();
        if (idBytes < 1 || idBytes > DivisibleState.MAX_PART_ID_BYTES) {
            throw damaged(file, "a part's id has " + idBytes + " bytes");
        }
        byte[] id = new byte[idBytes];
        data.readFully(id);
        long version = data.readLong();
        byte[] digest = new byte[PartDigest.SIZE_BYTES];
        data.readFully(digest);
        int sizeBytes = data.readInt();
        if (sizeBytes < 1 || sizeBytes > DivisibleState.MAX_PART_BYTES) {
            throw damaged(file, "a part has " + Integer.toUnsignedString(sizeBytes) + " bytes");
        }
        return new PartDescriptor(id, version, digest, sizeBytes);
    }

    private static IOException cutShort(Path file, EOFException cause) {
        return new IOException(file + " is damaged: it is cut short", cause);
    }

    private static IOException damaged(Path file, String how) {
        return new IOException(file + " is damaged: " + how);
    }
}
