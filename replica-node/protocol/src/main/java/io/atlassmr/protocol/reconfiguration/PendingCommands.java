package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.SignedCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Commands that wait for their decision, in order of arrival; a bounded number for each signer. */
final class PendingCommands {

    private static final int MAX_PENDING = 128;
    private static final int MAX_PER_SIGNER = 8;

    private static final class Entry {
        final SignedCommand command;
        final long sinceMillis;
        boolean proposed;

        Entry(SignedCommand command, long sinceMillis) {
            this.command = command;
            this.sinceMillis = sinceMillis;
        }
    }

    private final LinkedHashMap<Digest, Entry> entries = new LinkedHashMap<>();

    /** False if it is there already, or there is no room. */
    boolean add(SignedCommand command, long nowMillis) {
        PublicKey signer = command.signer();
        long ofSigner = entries.values().stream()
                .filter(entry -> Objects.equals(entry.command.signer(), signer))
                .count();
        if (entries.containsKey(command.digest()) || ofSigner >= MAX_PER_SIGNER || entries.size() >= MAX_PENDING) {
            return false;
        }
        entries.put(command.digest(), new Entry(command, nowMillis));
        return true;
    }

    void remove(Digest command) {
        entries.remove(command);
    }

    /** Takes out those for which this holds. */
    List<SignedCommand> removeIf(Predicate<SignedCommand> predicate) {
        List<SignedCommand> removed = commands().stream().filter(predicate).toList();
        removed.forEach(command -> entries.remove(command.digest()));
        return removed;
    }

    List<SignedCommand> commands() {
        return entries.values().stream().map(entry -> entry.command).toList();
    }

    boolean hasUnproposed() {
        return entries.values().stream().anyMatch(entry -> !entry.proposed);
    }

    List<SignedCommand> takeUnproposed() {
        List<SignedCommand> taken = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.proposed && taken.size() < BatchCodec.MAX_BATCH_COMMANDS) {
                entry.proposed = true;
                taken.add(entry.command);
            }
        }
        return taken;
    }

    void proposeAgain() {
        entries.values().forEach(entry -> entry.proposed = false);
    }

    boolean overdue(long timeoutMillis, long nowMillis) {
        return entries.values().stream().anyMatch(entry -> nowMillis - entry.sinceMillis > timeoutMillis);
    }
}
