package io.atlassmr.protocol.script;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.CommandVerifier;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Commands as text. An administrator is a capital letter, see {@link Cluster}; the key of replica 2 is {@code k2}.
 *
 * <pre>
 * admit 4                  admit 5 replacing 2         admit 4 until 300 (ms after the start)
 * admit 5 with key 4       withdraw 4                  leave 2
 * rotate 1                 move 1                      grant D operator            revoke D
 * policy every 20 keep 3 within 500                     (any of them)
 * leave 2 in epoch 7       leave 2 numbered 1          (numbers go up by themselves otherwise)
 * </pre>
 */
final class CommandNotation {

    private static final String CLUSTER_ID = "scripted";
    private static final long DAY_MILLIS = 86_400_000;

    private final Map<PublicKey, Long> numbers = new HashMap<>();

    /** @param epoch the current one, expected unless the script says otherwise */
    SignedCommand command(String signer, Words words, long epoch) {
        PublicKey key = key(signer);
        String kind = words.next();
        Command command = switch (kind) {
            case "admit" -> admit(words);
            case "withdraw" -> new Command.Withdraw((int) words.number());
            case "leave" -> new Command.Leave((int) words.number());
            case "lead" -> new Command.Lead((int) words.number());
            case "rotate" -> rotation((int) words.number(), epoch);
            case "move" -> new Command.Move((int) words.number(), "elsewhere", 7000, 7001);
            case "policy" -> policy(words);
            case "grant" ->
                new Command.Grant(key(words.next()), Role.valueOf(words.next().toUpperCase(Locale.ROOT)));
            case "revoke" -> new Command.Revoke(key(words.next()));
            default -> throw new ScriptException("no command is called \"" + kind + "\"");
        };
        long expected = epoch;
        if (words.take("in")) {
            words.expect("epoch");
            expected = words.number();
        }
        long number = words.take("numbered") ? words.number() : numbers.merge(key, 1L, Long::sum);
        words.end();
        return Cluster.sign(CLUSTER_ID, key, number, expected, command);
    }

    private static Command admit(Words words) {
        Member newcomer = Settings.member((int) words.number());
        int replaces = words.take("replacing") ? (int) words.number() : Command.Admit.NOBODY;
        if (words.take("with")) {
            words.expect("key");
            Member other = Settings.member((int) words.number());
            newcomer = new Member(newcomer.id(), other.publicKey(), newcomer.host(), 7000, 7001);
        }
        long expires = words.take("until") ? words.number() : DAY_MILLIS;
        return new Command.Admit(newcomer, BatchNotation.START_WALL_MILLIS + expires, replaces);
    }

    private static Command policy(Words words) {
        return new Command.SetCheckpointPolicy(
                words.take("every") ? OptionalInt.of((int) words.number()) : OptionalInt.empty(),
                words.take("keep") ? OptionalInt.of((int) words.number()) : OptionalInt.empty(),
                words.take("within") ? OptionalLong.of(words.number()) : OptionalLong.empty());
    }

    private static Command rotation(int id, long epoch) {
        byte[] newKey = Settings.member(100 + id).publicKey();
        return new Command.RotateKey(
                id,
                PublicKey.of(newKey),
                KeyedDigest.sign(newKey, CommandVerifier.newKeyStatement(CLUSTER_ID, epoch, id)));
    }

    private static PublicKey key(String name) {
        return name.charAt(0) == 'k'
                ? PublicKey.of(
                        Settings.member(Integer.parseInt(name.substring(1))).publicKey())
                : Cluster.key(name.charAt(0));
    }

    private static String name(PublicKey key) {
        for (char name = 'A'; name <= 'Z'; name++) {
            if (Cluster.key(name).equals(key)) {
                return String.valueOf(name);
            }
        }
        return "k" + key.toByteArray()[0];
    }

    static String text(SignedCommand signed) {
        String what = switch (signed.command()) {
            case Command.Admit(var newcomer, long _, int replaces) ->
                "admit-" + newcomer.id() + (replaces == Command.Admit.NOBODY ? "" : "-for-" + replaces);
            case Command.Withdraw(int id) -> "withdraw-" + id;
            case Command.Join(int id, Digest _, var approvals) -> "join-" + id + "-by-" + approvals.size();
            case Command.Leave(int id) -> "leave-" + id;
            case Command.Accuse(int accused, byte[] _) -> "accuse-" + accused;
            case Command.Lead(int id) -> "lead-" + id;
            case Command.RotateKey(int id, var _, byte[] _) -> "rotate-" + id;
            case Command.Move(int id, var _, int _, int _) -> "move-" + id;
            case Command.SetCheckpointPolicy(var interval, var retain, var maxAgeMillis) ->
                "policy" + (interval.isPresent() ? "-every-" + interval.getAsInt() : "")
                        + (retain.isPresent() ? "-keep-" + retain.getAsInt() : "")
                        + (maxAgeMillis.isPresent() ? "-within-" + maxAgeMillis.getAsLong() : "");
            case Command.Grant(var key, Role role) ->
                "grant-" + name(key) + "-" + role.name().toLowerCase(Locale.ROOT);
            case Command.Revoke(var key) -> "revoke-" + name(key);
        };
        return signed.signer() == null ? what : name(signed.signer()) + ":" + what;
    }
}
