package io.atlassmr.examples.locks;

import io.atlassmr.api.CrudState;
import io.atlassmr.typed.Context;
import io.atlassmr.typed.ReadContext;
import io.atlassmr.typed.Table;
import io.atlassmr.typed.TypedApplication;

/**
 * Locks that a client holds for a time, its lease, counted in the cluster's agreed time. Each grant has a fencing token, one more
 * than that of the grant before it: a resource that remembers the highest token it has seen can refuse a holder that slept through
 * the end of its lease.
 */
public final class Locks {

    /** The longest lease. */
    static final long MAX_LEASE_MILLIS = 3_600_000;

    private static final Table<Grant> GRANTS = new Table<>("grants", Grant.class);

    private Locks() {}

    /**
     * The last grant of a lock.
     *
     * @param holder who has it, until the lease ends
     * @param token of the grant
     * @param endsAtMillis in agreed time; from then on anybody may have it
     */
    record Grant(String holder, long token, long endsAtMillis) {}

    /** Asks for a lock; who holds it already gets a new lease under the token it has. */
    public record Acquire(String lock, String holder, long leaseMillis) {}

    /** Gives a lock back; without effect unless it is held under this token. */
    public record Release(String lock, long token) {}

    /** Asks who holds a lock. */
    public record Holder(String lock) {}

    /**
     * Whether and how a lock is held.
     *
     * @param isHeld by whoever asked, or, for a {@link Holder}, by anybody when last the lock was given
     * @param holder who has it
     * @param token of the grant
     * @param endsAtMillis when the lease ends, in agreed time
     */
    public record Lease(boolean isHeld, String holder, long token, long endsAtMillis) {}

    /** Whether something was given back. */
    public record Released(boolean wasHeld) {}

    /** The application, over entries without any. */
    public static TypedApplication over(CrudState entries) {
        return TypedApplication.over(entries)
                .ordered(Acquire.class, Locks::acquire)
                .ordered(Release.class, Locks::release)
                .unordered(Holder.class, Locks::holder)
                .build();
    }

    private static Lease acquire(Acquire request, Context context) {
        requireNames(request.lock(), request.holder());
        if (request.leaseMillis() < 1 || request.leaseMillis() > MAX_LEASE_MILLIS) {
            throw new IllegalArgumentException(
                    "a lease is 1 to " + MAX_LEASE_MILLIS + " milliseconds, got " + request.leaseMillis());
        }
        Grant last = context.read(GRANTS, request.lock()).orElse(new Grant("", 0, 0));
        boolean isFree = context.agreedTimeMillis() >= last.endsAtMillis();
        boolean isOwn = !isFree && last.holder().equals(request.holder());
        if (!isFree && !isOwn) {
            return new Lease(false, last.holder(), last.token(), last.endsAtMillis());
        }
        long endsAtMillis = context.agreedTimeMillis() + request.leaseMillis();
        long token = isOwn ? last.token() : last.token() + 1;
        context.put(GRANTS, request.lock(), new Grant(request.holder(), token, endsAtMillis));
        return new Lease(true, request.holder(), token, endsAtMillis);
    }

    /** The token stays, so that the next one is higher. */
    private static Released release(Release request, Context context) {
        requireNames(request.lock(), "anybody");
        Grant last = context.read(GRANTS, request.lock()).orElse(new Grant("", 0, 0));
        boolean isHeld = last.token() == request.token() && context.agreedTimeMillis() < last.endsAtMillis();
        if (isHeld) {
            context.put(GRANTS, request.lock(), new Grant(last.holder(), last.token(), 0));
        }
        return new Released(isHeld);
    }

    private static Lease holder(Holder request, ReadContext context) {
        requireNames(request.lock(), "anybody");
        Grant last = context.read(GRANTS, request.lock()).orElse(new Grant("", 0, 0));
        return new Lease(last.endsAtMillis() > 0, last.holder(), last.token(), last.endsAtMillis());
    }

    private static void requireNames(String lock, String holder) {
        if (lock == null || lock.isEmpty() || holder == null || holder.isEmpty()) {
            throw new IllegalArgumentException("a lock and its holder need names");
        }
    }
}
