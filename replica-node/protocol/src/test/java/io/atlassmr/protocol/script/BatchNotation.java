package io.atlassmr.protocol.script;

import com.google.protobuf.ByteString;
import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Bundles and batches as text.
 *
 * <pre>
 * a1          request 1 of client a
 * a1-3        requests 1 to 3 of client a in one bundle
 * a1+500      request 1 of client a, an operation of 500 bytes
 * {a1 b2}     a batch of two bundles with the agreed time of the script's start
 * {a1}@250    a batch with the agreed time of 250 ms later
 * {a1}!       a batch that asks for a checkpoint
 * no-op       the batch that decides nothing
 * </pre>
 */
final class BatchNotation {

    /** The wall clock at the start of every script. */
    static final long START_WALL_MILLIS = 1_700_000_000_000L;

    private static final Pattern BUNDLE = Pattern.compile("([a-z])(\\d+)(?:-(\\d+))?(?:\\+(\\d+))?");
    private static final Pattern BATCH = Pattern.compile("\\{([^}]*)}(?:@(-?\\d+))?(!)?");

    private final Map<Digest, Batch> known = new HashMap<>();

    BatchNotation() {
        known.put(Batch.NOOP.digest(), Batch.NOOP);
    }

    ClientBundle bundle(String text) {
        Matcher matcher = BUNDLE.matcher(text);
        if (!matcher.matches()) {
            throw new ScriptException("not a bundle: \"" + text + "\"");
        }
        byte[] client = new byte[ClientId.SIZE_BYTES];
        Arrays.fill(client, (byte) text.charAt(0));
        long first = Long.parseLong(matcher.group(2));
        long last = matcher.group(3) == null ? first : Long.parseLong(matcher.group(3));
        byte[] operation = new byte[matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4))];
        Bundle.Builder bundle =
                Bundle.newBuilder().setClientId(ByteString.copyFrom(client)).setSignedAtMillis(START_WALL_MILLIS);
        for (long number = first; number <= last; number++) {
            bundle.addRequests(Request.newBuilder().setNumber(number).setOperation(ByteString.copyFrom(operation)));
        }
        try {
            return BatchCodec.decode(SignedBundle.newBuilder()
                    .setPayload(bundle.build().toByteString())
                    .setSignature(ByteString.copyFrom(new byte[64]))
                    .build());
        } catch (MalformedMessageException e) {
            throw new ScriptException("bundle \"" + text + "\": " + e.getMessage());
        }
    }

    List<ClientBundle> bundles(List<String> texts) {
        return texts.stream().map(this::bundle).toList();
    }

    static String text(ClientBundle bundle) {
        ClientRequest first = bundle.requests().getFirst();
        ClientRequest last = bundle.requests().getLast();
        int sizeBytes = first.operation().length;
        return (char) bundle.clientId().toByteArray()[0]
                + String.valueOf(first.number())
                + (bundle.requests().size() > 1 ? "-" + last.number() : "")
                + (sizeBytes > 0 ? "+" + sizeBytes : "");
    }

    static String text(List<ClientBundle> bundles) {
        return bundles.stream().map(BatchNotation::text).collect(Collectors.joining(" "));
    }

    static String ids(Epoch epoch) {
        return epoch.membership().members().stream()
                .map(member -> String.valueOf(member.id()))
                .collect(Collectors.joining(","));
    }

    Batch batch(String text) {
        if (text.equals("no-op")) {
            return Batch.NOOP;
        }
        Matcher matcher = BATCH.matcher(text);
        if (!matcher.matches()) {
            throw new ScriptException("not a batch: \"" + text + "\"");
        }
        List<String> bundles = new ArrayList<>(List.of(matcher.group(1).split(" ")));
        bundles.removeIf(String::isBlank);
        long offsetMillis = matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2));
        boolean checkpoint = matcher.group(3) != null;
        Batch batch = BatchCodec.encode(START_WALL_MILLIS + offsetMillis, checkpoint, bundles(bundles));
        known.put(batch.digest(), batch);
        return batch;
    }

    String text(Batch batch) {
        known.put(batch.digest(), batch);
        return text(batch.digest());
    }

    String text(Digest digest) {
        Batch batch = known.get(digest);
        if (batch == null) {
            throw new ScriptException("a digest of no batch of this script: " + digest);
        }
        if (batch.equals(Batch.NOOP)) {
            return "no-op";
        }
        long offsetMillis = batch.agreedTimeMillis() - START_WALL_MILLIS;
        if (batch.epoch() != null) {
            return "{epoch " + batch.epoch().number() + ": " + ids(batch.epoch()) + "}"
                    + (offsetMillis == 0 ? "" : "@" + offsetMillis);
        }
        String contents = Stream.concat(
                        batch.bundles().stream().map(BatchNotation::text),
                        batch.commands().stream().map(CommandNotation::text))
                .collect(Collectors.joining(" "));
        return "{" + contents + "}" + (offsetMillis == 0 ? "" : "@" + offsetMillis) + (batch.checkpoint() ? "!" : "");
    }
}
