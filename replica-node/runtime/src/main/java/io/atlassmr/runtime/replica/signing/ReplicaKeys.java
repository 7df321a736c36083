package io.atlassmr.runtime.replica.signing;

import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Roster;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The keys of a replica: the one that it began with, and those that it changes to. Which of them counts is for the members to agree
 * on, epoch by epoch. Thread-safe.
 */
public final class ReplicaKeys {

    private final List<Signer> all = new CopyOnWriteArrayList<>();
    private volatile Signer current;

    /**
     * @param keys of this replica, at least one; the first is in use until the members' records are known
     */
    public ReplicaKeys(List<? extends Signer> keys) {
        all.addAll(keys);
        current = keys.getFirst();
    }

    /** A replica with one key. */
    public static ReplicaKeys of(Signer key) {
        return new ReplicaKeys(List.of(key));
    }

    /** Has another key from now on, which counts once the members agree that it does. */
    public void add(Signer key) {
        all.add(key);
    }

    /** Whether it ever changed its key, so that the first members need not know the one it has. */
    public boolean hasChanged() {
        return all.size() > 1;
    }

    /** The key that this replica proves who it is with. */
    public Signer current() {
        return current;
    }

    /** The key with these bytes, empty if it is none of this replica's. */
    public Optional<Signer> of(byte[] publicKey) {
        return all.stream()
                .filter(key -> Arrays.equals(key.publicKey(), publicKey))
                .findFirst();
    }

    /** The key that is expected of replica {@code self} in an epoch; the current one if it is no member then. */
    public Signer in(long epoch, int self, Roster roster) {
        return roster.epochs()
                .of(epoch)
                .flatMap(known -> known.membership().member(self))
                .flatMap(member -> of(member.publicKey()))
                .orElse(current);
    }

    /** Goes over to the key that the newest members' record of replica {@code self} names. */
    public void follow(int self, Roster roster) {
        Epoch newest = roster.provenEpochs().latest();
        Member admitted = roster.admitted().get(self);
        newest.membership()
                .member(self)
                .or(() -> Optional.ofNullable(admitted))
                .flatMap(member -> of(member.publicKey()))
                .ifPresent(key -> current = key);
    }
}
