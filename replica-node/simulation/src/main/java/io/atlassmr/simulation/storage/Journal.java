package io.atlassmr.simulation.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Groups of writes as bytes of a file that can be cut anywhere: length, checksum, content of each group. */
final class Journal {

    private static final int HEADER_BYTES = Integer.BYTES + Integer.BYTES;
    private static final byte PUT = 1;
    private static final byte DELETE_RANGE = 2;

    private Journal() {}

    static byte[] encode(List<List<LogWrite>> groups) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(file);
            for (List<LogWrite> group : groups) {
                byte[] content = encodeGroup(group);
                out.writeInt(content.length);
                out.writeInt(checksum(content));
                out.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return file.toByteArray();
    }

    private static byte[] encodeGroup(List<LogWrite> group) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        for (LogWrite write : group) {
            switch (write) {
                case LogWrite.Put(RecordFamily family, long key, byte[] value) -> {
                    out.writeByte(PUT);
                    writeFamily(out, family);
                    out.writeLong(key);
                    out.writeInt(value.length);
                    out.write(value);
                }
                case LogWrite.DeleteRange(RecordFamily family, long from, long to) -> {
                    out.writeByte(DELETE_RANGE);
                    writeFamily(out, family);
                    out.writeLong(from);
                    out.writeLong(to);
                }
            }
        }
        return content.toByteArray();
    }

    private static void writeFamily(DataOutputStream out, RecordFamily family) throws IOException {
        byte[] name = family.name().getBytes(StandardCharsets.US_ASCII);
        out.writeByte(name.length);
        out.write(name);
    }

    /** The whole groups at the beginning of {@code file}; what comes after the first damaged one is left. */
    static List<List<LogWrite>> decode(byte[] file) {
        List<List<LogWrite>> groups = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file);
        while (in.remaining() >= HEADER_BYTES) {
            int length = in.getInt();
            int checksum = in.getInt();
            if (length > in.remaining()) {
                break;
            }
            byte[] content = new byte[length];
            in.get(content);
            if (checksum(content) != checksum) {
                break;
            }
            groups.add(decodeGroup(ByteBuffer.wrap(content)));
        }
        return groups;
    }

    private static List<LogWrite> decodeGroup(ByteBuffer in) {
        List<LogWrite> group = new ArrayList<>();
        while (in.hasRemaining()) {
            byte kind = in.get();
            byte[] name = new byte[in.get()];
            in.get(name);
            RecordFamily family = RecordFamily.valueOf(new String(name, StandardCharsets.US_ASCII));
            if (kind == PUT) {
                long key = in.getLong();
                byte[] value = new byte[in.getInt()];
                in.get(value);
                group.add(new LogWrite.Put(family, key, value));
            } else {
                group.add(new LogWrite.DeleteRange(family, in.getLong(), in.getLong()));
            }
        }
        return group;
    }

    private static int checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return (int) crc.getValue();
    }
}
