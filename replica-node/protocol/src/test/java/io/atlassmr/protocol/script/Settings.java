package io.atlassmr.protocol.script;

import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code key=value} words behind {@code replica} or {@code cluster}; what is not named has its default. */
final class Settings {

    private final Map<String, String> values = new HashMap<>();

    Settings(Words words) {
        for (String word : words.rest()) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new ScriptException("a setting is key=value, not \"" + word + "\"");
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    /** Takes a setting. */
    String take(String key, String otherwise) {
        String value = values.remove(key);
        return value == null ? otherwise : value;
    }

    private long take(String key, long otherwise) {
        return Long.parseLong(take(key, String.valueOf(otherwise)));
    }

    /** The record of a replica, a member or not. */
    static Member member(int id) {
        byte[] key = new byte[32];
        key[0] = (byte) id;
        return new Member(id, key, "replica-" + id, 7000, 7001);
    }

    Membership membership() {
        List<Member> members = new ArrayList<>();
        long n = take("n", 4);
        for (int id = 0; id < n; id++) {
            members.add(member(id));
        }
        return Membership.of("scripted", MessageNotation.EPOCH, members);
    }

    /** When checkpoints are taken; an interval of 0 stands for none. */
    CheckpointPolicy checkpoints(int interval) {
        CheckpointPolicy defaults = CheckpointPolicy.defaults();
        return new CheckpointPolicy(
                (int) take("checkpoint-interval", interval),
                (int) take("retained-checkpoints", defaults.retain()),
                take("max-checkpoint-age", defaults.maxAgeMillis()));
    }

    ProtocolConfiguration configuration(Membership membership, int self) {
        ProtocolConfiguration defaults = ProtocolConfiguration.defaults(membership, self);
        return new ProtocolConfiguration(
                membership,
                self,
                (int) take("window", defaults.window()),
                (int) take("max-batch-requests", defaults.maxBatchRequests()),
                (int) take("max-batch-bytes", defaults.maxBatchBytes()),
                take("max-batch-delay", defaults.maxBatchDelayMillis()),
                (int) take("max-pending", defaults.maxPendingRequests()),
                take("max-pending-bytes", defaults.maxPendingBytes()),
                (int) take("max-pending-per-client", defaults.maxPendingPerClient()),
                take("progress-timeout", defaults.progressTimeoutMillis()),
                take("request-timeout", defaults.requestTimeoutMillis()),
                take("max-timeout", defaults.maxViewTimeoutMillis()),
                take("status-interval", defaults.statusIntervalMillis()),
                take("max-clock-skew", defaults.maxClockSkewMillis()));
    }

    /** All settings must have been taken. */
    void end() {
        if (!values.isEmpty()) {
            throw new ScriptException("no settings are called " + values.keySet());
        }
    }
}
