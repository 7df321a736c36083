package io.atlassmr.runtime.execution.speculation;

import com.google.protobuf.ByteString;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Decisions with random programs of several clients, some of whose requests come twice. */
final class Histories {

    private static final String[] INSTRUCTIONS = {
        "create:K:V",
        "update:K:V",
        "put:K:V",
        "delete:K",
        "read:K",
        "scan:K:K:N",
        "scan:K:~:N",
        "count:K",
        "follow:K:V",
        "append:K:V",
        "failIf:K",
        "index"
    };

    private final Random random;
    private final int keys;
    private final List<ClientBundle> old = new ArrayList<>();
    private long number;

    /** @param keys how many there are: few for conflicts everywhere, many for hardly any */
    Histories(long seed, int keys) {
        this.random = new Random(seed);
        this.keys = keys;
    }

    List<Decision> draw(int decisions, int mostRequests) {
        List<Decision> history = new ArrayList<>();
        for (int s = 1; s <= decisions; s++) {
            history.add(TestCluster.decision(s, batch(1 + random.nextInt(mostRequests))));
        }
        return history;
    }

    private Batch batch(int requests) {
        List<ClientBundle> bundles = new ArrayList<>();
        for (int drawn = 0; drawn < requests; ) {
            boolean repeats = !old.isEmpty() && random.nextInt(10) == 0;
            ClientBundle bundle = repeats ? old.get(random.nextInt(old.size())) : bundle(1 + random.nextInt(3));
            old.add(bundle);
            bundles.add(bundle);
            drawn += bundle.requests().size();
        }
        return BatchCodec.encode(1000, bundles);
    }

    private ClientBundle bundle(int requests) {
        Bundle.Builder bundle = Bundle.newBuilder()
                .setClientId(ByteString.copyFrom(
                        TestCluster.client(1 + random.nextInt(3)).toByteArray()))
                .setSignedAtMillis(1000);
        for (int i = 0; i < requests; i++) {
            bundle.addRequests(
                    Request.newBuilder().setNumber(++number).setOperation(ByteString.copyFromUtf8(program())));
        }
        try {
            return BatchCodec.decode(SignedBundle.newBuilder()
                    .setPayload(bundle.build().toByteString())
                    .setSignature(ByteString.copyFrom(new byte[64]))
                    .build());
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    private String program() {
        StringBuilder program = new StringBuilder();
        int instructions = 1 + random.nextInt(4);
        for (int i = 0; i < instructions; i++) {
            String instruction = INSTRUCTIONS[random.nextInt(INSTRUCTIONS.length)];
            for (int at = instruction.indexOf('K'); at >= 0; at = instruction.indexOf('K')) {
                instruction = instruction.substring(0, at) + key() + instruction.substring(at + 1);
            }
            program.append(instruction.replace("V", value()).replace("N", "" + (1 + random.nextInt(4))))
                    .append(' ');
        }
        return program.toString().strip();
    }

    private String key() {
        int key = random.nextInt(keys);
        String letter = String.valueOf((char) ('a' + key % 26));
        return key < 26 ? letter : letter + key;
    }

    /** Names a key, too. */
    private String value() {
        return key() + random.nextInt(100);
    }
}
