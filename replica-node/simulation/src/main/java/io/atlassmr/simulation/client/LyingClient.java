package io.atlassmr.simulation.client;

import com.google.protobuf.ByteString;
import io.atlassmr.api.ClientId;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.simulation.fault.Occurrences;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.replica.World;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.time.SimulatedClock;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.SignedBundle;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A client with an identity of its own that keeps to no rule: different requests under one number, numbers from anywhere, old
 * bundles, bundles of others, wrong times, wrong signatures, garbage. It writes to keys of its own only.
 */
public final class LyingClient {

    private static final long MEAN_ACT_MICROS = 60_000;
    private static final int MAX_KEPT = 50;

    private final World world;
    private final int node;
    private final SimulatedIdentity identity;
    private final SimulatedClock clock;
    private final Occurrences occurrences;
    private final SplittableRandom random;
    private final List<byte[]> sent = new ArrayList<>();
    private long number;
    private boolean over;

    public LyingClient(
            World world, int node, SimulatedIdentity identity, SimulatedClock clock, Occurrences occurrences) {
        this.world = world;
        this.node = node;
        this.identity = identity;
        this.clock = clock;
        this.occurrences = occurrences;
        this.random = Streams.of(world.scenario().seed(), "lying client");
        this.number = clock.wallMillis() << 20;
        world.network().attach(node, (_, _) -> {});
    }

    /** The identity on the wire. */
    public ClientId clientId() {
        return ClientId.of(identity.publicKey());
    }

    /** Begins. */
    public void start() {
        var _ = world.time().schedule(Streams.exponential(random, MEAN_ACT_MICROS), () -> {
            if (!over) {
                occurrences.add(FaultKind.LYING_CLIENT);
                act();
                start();
            }
        });
    }

    /** Ends. */
    public void stop() {
        over = true;
    }

    private void act() {
        switch (random.nextInt(9)) {
            case 0, 1 -> twoFaced(++number);
            case 2 -> send(frame(threeMore(), clock.wallMillis(), identity));
            case 3 -> twoFaced(number - random.nextInt(3));
            case 4 -> send(frame(List.of(anyNumber()), clock.wallMillis(), identity));
            case 5 -> send(frame(List.of(++number), clock.wallMillis() + random.nextLong(-200_000, 200_000), identity));
            case 6 -> send(forged());
            case 7 -> send(unordered());
            default -> replay();
        }
    }

    private List<Long> threeMore() {
        number += 3;
        return List.of(number - 2, number - 1, number);
    }

    private void twoFaced(long twice) {
        for (int replica = 0; replica < world.scenario().replicas(); replica++) {
            send(replica, frame(List.of(twice), clock.wallMillis(), identity));
        }
    }

    private long anyNumber() {
        return switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> Long.MAX_VALUE;
            case 2 -> number + random.nextInt(3000);
            default -> Math.max(1, number - random.nextInt(3000));
        };
    }

    private void replay() {
        if (!sent.isEmpty()) {
            send(sent.get(random.nextInt(sent.size())));
        }
    }

    private byte[] forged() {
        byte[] frame = frame(List.of(++number), clock.wallMillis(), identity);
        frame[random.nextInt(frame.length)] ^= 1;
        return frame;
    }

    private byte[] unordered() {
        byte[] operation = new byte[random.nextInt(20)];
        random.nextBytes(operation);
        return ClientMessage.newBuilder()
                .setUnordered(UnorderedRequest.newBuilder()
                        .setNumber(random.nextLong())
                        .setOperation(ByteString.copyFrom(operation)))
                .build()
                .toByteArray();
    }

    private byte[] frame(List<Long> numbers, long signedAtMillis, SimulatedIdentity signer) {
        Bundle.Builder bundle = Bundle.newBuilder()
                .setClientId(ByteString.copyFrom(signer.publicKey()))
                .setSignedAtMillis(signedAtMillis)
                .setAnsweredBelow(Math.max(0, number - random.nextInt(10)));
        for (long each : numbers) {
            KvOperation operation =
                    new KvOperation.Put(Bytes.ofUtf8("z" + random.nextInt(3)), Bytes.ofUtf8("x" + random.nextInt()));
            bundle.addRequestsBuilder()
                    .setNumber(each)
                    .setOperation(ByteString.copyFrom(KvCodec.encodeOperation(operation)));
        }
        byte[] payload = bundle.build().toByteArray();
        SignedBundle signed = SignedBundle.newBuilder()
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(signer.sign(statement(payload))))
                .build();
        return ClientMessage.newBuilder().setOrdered(signed).build().toByteArray();
    }

    private byte[] statement(byte[] payload) {
        byte[] clusterId = world.membership().clusterId().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream statement = new ByteArrayOutputStream();
        statement.writeBytes("atlas/bundle/v1\0".getBytes(StandardCharsets.US_ASCII));
        statement.write(clusterId.length);
        statement.writeBytes(clusterId);
        statement.writeBytes(payload);
        return statement.toByteArray();
    }

    private void send(byte[] frame) {
        if (random.nextBoolean()) {
            send(random.nextInt(world.scenario().replicas()), frame);
        } else {
            for (int replica = 0; replica < world.scenario().replicas(); replica++) {
                send(replica, frame);
            }
        }
    }

    private void send(int replica, byte[] frame) {
        if (sent.size() < MAX_KEPT) {
            sent.add(frame);
        }
        world.network().send(node, replica, frame);
    }
}
