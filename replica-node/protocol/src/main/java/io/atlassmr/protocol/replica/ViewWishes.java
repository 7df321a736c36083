package io.atlassmr.protocol.replica;

import java.util.TreeMap;

/**
 * Later views that members wait for because they lost their memory. In a cluster without trouble none would come by itself, so
 * the leader hands over; one that does not is suspected after a while, as it would rather keep the member from voting.
 *
 * <p>A liar may wish for ever. Each member has at most one view change in {@link #INTERVAL_MILLIS}: every replica takes any
 * change of view as an answer to all wishes that are there, so that the next leader does not begin anew. One that waits in
 * earnest needs one.
 */
final class ViewWishes {

    static final long INTERVAL_MILLIS = 10_000;

    private record Wish(long view, long sinceMillis) {}

    private final TreeMap<Integer, Wish> wishOf = new TreeMap<>();
    private final TreeMap<Integer, Long> answeredAtMillis = new TreeMap<>();

    /** A member waits for this view; 0 if it does not wait. */
    void heard(int member, long wantsView, long nowMillis) {
        if (wantsView > 0) {
            Wish known = wishOf.get(member);
            wishOf.put(member, new Wish(wantsView, known == null ? nowMillis : known.sinceMillis()));
        } else {
            wishOf.remove(member);
        }
    }

    /** Whether the leader of this view should hand over now. */
    boolean due(long view, long nowMillis) {
        return wishOf.entrySet().stream()
                .anyMatch(wish ->
                        wish.getValue().view() > view && !answeredWithin(INTERVAL_MILLIS, wish.getKey(), nowMillis));
    }

    /** Whether an honest leader of this view would have handed over. */
    boolean overdue(long view, long nowMillis) {
        return wishOf.entrySet().stream()
                .anyMatch(wish -> wish.getValue().view() > view
                        && nowMillis - wish.getValue().sinceMillis() >= 2 * INTERVAL_MILLIS
                        && !answeredWithin(2 * INTERVAL_MILLIS, wish.getKey(), nowMillis));
    }

    private boolean answeredWithin(long millis, int member, long nowMillis) {
        Long atMillis = answeredAtMillis.get(member);
        return atMillis != null && nowMillis - atMillis < millis;
    }

    /** The leader hands over, or another view is open. */
    void answered(long nowMillis) {
        wishOf.keySet().forEach(member -> answeredAtMillis.put(member, nowMillis));
    }
}
