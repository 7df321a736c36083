package io.atlassmr.typed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operations of an application by name, and their bytes: format version (1), length of the name (1), name in UTF-8, what the
 * codec makes of the request. The name is the simple name of the request's class. Thread-safe.
 */
final class Operations {

    private static final int VERSION = 1;
    private static final int MAX_NAME_BYTES = 255;

    private final Map<String, Class<?>> types = new TreeMap<>();
    private final Codec codec;

    Operations(Collection<Class<?>> requestTypes, Codec codec) {
        this.codec = codec;
        for (Class<?> type : requestTypes) {
            if (types.putIfAbsent(name(type), type) != null) {
                throw new IllegalArgumentException("two operations are named " + name(type));
            }
        }
    }

    static byte[] encode(Object request, Codec codec) {
        byte[] name = name(request.getClass()).getBytes(StandardCharsets.UTF_8);
        byte[] body = codec.encode(request);
        return ByteBuffer.allocate(2 + name.length + body.length)
                .put((byte) VERSION)
                .put((byte) name.length)
                .put(name)
                .put(body)
                .array();
    }

    private static String name(Class<?> type) {
        String name = type.getSimpleName();
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("an operation is named by its request's class, in 1 to " + MAX_NAME_BYTES
                    + " bytes: " + type.getName());
        }
        return name;
    }

    /**
     * The request in an operation's bytes.
     *
     * @throws IllegalArgumentException if it is not one of this application
     */
    Object decode(byte[] operation) {
        if (operation.length < 2 || operation[0] != VERSION) {
            throw new IllegalArgumentException("not a typed operation of format " + VERSION);
        }
        int nameBytes = Byte.toUnsignedInt(operation[1]);
        if (operation.length < 2 + nameBytes) {
            throw new IllegalArgumentException("the operation ends within its name");
        }
        String name = new String(operation, 2, nameBytes, StandardCharsets.UTF_8);
        Class<?> type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException("there is no operation " + name + "; there are " + types.keySet());
        }
        byte[] body = new byte[operation.length - 2 - nameBytes];
        System.arraycopy(operation, 2 + nameBytes, body, 0, body.length);
        return codec.decode(body, type);
    }
}
