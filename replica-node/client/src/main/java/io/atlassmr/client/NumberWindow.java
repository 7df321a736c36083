package io.atlassmr.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Gives consecutive numbers to requests and keeps those without an answer. The highest and the lowest number kept differ
 * by less than {@link #SIZE}, because replicas forget about numbers further below the highest. Not thread-safe.
 *
 * @param <T> what is kept for a number
 */
final class NumberWindow<T> {

    /** How many numbers, from the highest down, replicas remember of a session. */
    static final int SIZE = 1024;

    // The slot of a number is its low bits: within a window no two numbers share one.
    private final List<T> slots = new ArrayList<>(java.util.Collections.nCopies(SIZE, null));
    private long lowest;
    private long next;
    private int count;

    /**
     * @param first the first number to give, at least 1
     */
    NumberWindow(long first) {
        if (first < 1) {
            throw new IllegalArgumentException("numbers start from 1, got " + first);
        }
        this.lowest = first;
        this.next = first;
    }

    /** Whether another number can be given now. */
    boolean hasRoom() {
        return next - lowest < SIZE;
    }

    /**
     * Gives the next number to {@code item}.
     *
     * @throws IllegalStateException if there is no room
     */
    long add(T item) {
        if (!hasRoom()) {
            throw new IllegalStateException("number " + lowest + " has no answer, " + next + " is too far from it");
        }
        slots.set(slot(next), Objects.requireNonNull(item));
        count++;
        return next++;
    }

    /** What is kept for the number, null if nothing is (anymore). */
    T get(long number) {
        return number < lowest || number >= next ? null : slots.get(slot(number));
    }

    /** Forgets the number; does nothing if it is not kept. */
    void remove(long number) {
        if (get(number) == null) {
            return;
        }
        slots.set(slot(number), null);
        count--;
        while (lowest < next && slots.get(slot(lowest)) == null) {
            lowest++;
        }
    }

    /** The lowest number without an answer; the next number if every one has its answer. */
    long lowest() {
        return lowest;
    }

    /** How many numbers are kept. */
    int count() {
        return count;
    }

    /** All that is kept, by ascending number; a new list. */
    List<T> items() {
        List<T> items = new ArrayList<>(count);
        for (long number = lowest; number < next; number++) {
            T item = slots.get(slot(number));
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private static int slot(long number) {
        return (int) (number & (SIZE - 1));
    }
}
