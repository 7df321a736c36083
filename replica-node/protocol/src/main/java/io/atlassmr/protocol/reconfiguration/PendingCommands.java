package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Commands that wait for their decision, in order of arrival; a bounded number for each signer, and one accusation for each accused.
 */
final class PendingCommands {

    private static final int MAX_PENDING = 128;
    private static final int MAX_PER_SIGNER = 8;
    private static final int MAX_PROPOSED_BYTES = 1 << 20;
    /** A leader may get the proof later than this replica. */
    private static final int ACCUSATION_PATIENCE = 4;

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
        if (command.command() instanceof Command.Accuse(int accused, byte[] _) && accuses(accused)) {
            return false;
        }
        long ofSigner = entries.values().stream()
                .filter(entry -> !isAccusation(entry.command))
                .filter(entry -> Objects.equals(entry.command.signer(), signer))
                .count();
        if (entries.containsKey(command.digest())
                || (!isAccusation(command) && ofSigner >= MAX_PER_SIGNER)
                || entries.size() >= MAX_PENDING) {
            return false;
        }
        entries.put(command.digest(), new Entry(command, nowMillis));
        return true;
    }

    private static boolean isAccusation(SignedCommand command) {
        return command.command() instanceof Command.Accuse;
    }

    private boolean accuses(int member) {
        return entries.values().stream()
                .anyMatch(entry ->
                        entry.command.command() instanceof Command.Accuse(int accused, byte[] _) && accused == member);
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

    /** Those that others need to be told: whoever has the proof accuses by himself. */
    List<SignedCommand> toTell() {
        return commands().stream().filter(command -> !isAccusation(command)).toList();
    }

    /** Whether there is one that was not proposed, and that the leader was told. */
    boolean hasUnproposedToTell() {
        return entries.values().stream().anyMatch(entry -> !entry.proposed && !isAccusation(entry.command));
    }

    boolean hasUnproposed() {
        return entries.values().stream().anyMatch(entry -> !entry.proposed);
    }

    List<SignedCommand> takeUnproposed() {
        List<SignedCommand> taken = new ArrayList<>();
        int bytes = 0;
        for (Entry entry : entries.values()) {
            int size = entry.command.payload().length;
            if (!entry.proposed
                    && taken.size() < BatchCodec.MAX_BATCH_COMMANDS
                    && (taken.isEmpty() || bytes + size <= MAX_PROPOSED_BYTES)) {
                bytes += size;
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
        return entries.values().stream()
                .anyMatch(entry -> nowMillis - entry.sinceMillis
                        > (isAccusation(entry.command) ? ACCUSATION_PATIENCE * timeoutMillis : timeoutMillis));
    }
}
