package io.atlassmr.admin;

import io.atlassmr.protocol.evidence.Proof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What all members of a cluster said to one question, asked at about the same time.
 *
 * @param faults how many of the members may lie
 * @param answers by replica
 * @param silent why there is no answer to be believed, by replica
 * @param proofs of members that contradicted themselves, each good for anybody who knows the members
 */
public record Poll<T>(
        int faults,
        SortedMap<Integer, VerifiedAnswer<T>> answers,
        SortedMap<Integer, String> silent,
        List<Proof> proofs) {

    public Poll {
        answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
        silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
        proofs = List.copyOf(proofs);
    }

    /** What of the answers enough members agree on, so that one honest member at least says it. */
    public sealed interface Agreement<F, T> {

        /** Answers that say otherwise, by replica. */
        SortedMap<Integer, VerifiedAnswer<T>> differing();

        /** Why there is no answer to be believed, by replica. */
        SortedMap<Integer, String> silent();

        /** For a person. */
        String describe();
    }

    /**
     * At least {@code f + 1} members say the same.
     *
     * @param value what they say
     * @param witnesses who says it
     */
    public record Agreed<F, T>(
            F value,
            List<Integer> witnesses,
            SortedMap<Integer, VerifiedAnswer<T>> differing,
            SortedMap<Integer, String> silent)
            implements Agreement<F, T> {

        public Agreed {
            witnesses = List.copyOf(witnesses);
        }

        @Override
        public String describe() {
            return "replicas " + witnesses + " say " + value + others(differing, silent);
        }
    }

    /**
     * There are no {@code f + 1} members that say the same.
     *
     * @param said who says what
     */
    public record Disagreed<F, T>(
            Map<F, List<Integer>> said,
            SortedMap<Integer, VerifiedAnswer<T>> differing,
            SortedMap<Integer, String> silent)
            implements Agreement<F, T> {

        @Override
        public String describe() {
            List<String> parts = new ArrayList<>();
            said.forEach((value, who) -> parts.add("replicas " + who + " say " + value));
            silent.values().forEach(parts::add);
            return String.join("; ", parts);
        }
    }

    private static String others(SortedMap<Integer, ?> differing, SortedMap<Integer, String> silent) {
        String otherwise = differing.isEmpty() ? "" : "; replicas " + differing.keySet() + " say otherwise";
        return otherwise + (silent.isEmpty() ? "" : "; " + String.join("; ", silent.values()));
    }

    /**
     * Compares a part of the answers. What honest members say at different moments may differ where it is about now: then several
     * parts may have {@code f + 1} members, each with an honest one among them, and the one with most counts, of several such that of
     * the furthest member.
     *
     * @param part of an answer, with a meaningful {@code equals}
     */
    public <F> Agreement<F, T> agreement(Function<? super T, ? extends F> part) {
        Map<F, List<Integer>> said = new LinkedHashMap<>();
        answers.forEach((id, answer) -> said.computeIfAbsent(part.apply(answer.value()), _ -> new ArrayList<>())
                .add(id));
        return said.entrySet().stream()
                .filter(entry -> entry.getValue().size() > faults)
                .max(Comparator.comparingInt((Map.Entry<F, List<Integer>> entry) ->
                                entry.getValue().size())
                        .thenComparingLong(entry -> furthest(entry.getValue())))
                .<Agreement<F, T>>map(
                        entry -> new Agreed<>(entry.getKey(), entry.getValue(), without(entry.getValue()), silent))
                .orElseGet(() -> new Disagreed<>(said, answers, silent));
    }

    private long furthest(List<Integer> replicas) {
        return replicas.stream()
                .mapToLong(id -> answers.get(id).signed().header().position().sequenceNumber())
                .max()
                .orElse(0);
    }

    private SortedMap<Integer, VerifiedAnswer<T>> without(List<Integer> replicas) {
        SortedMap<Integer, VerifiedAnswer<T>> others = new TreeMap<>(answers);
        others.keySet().removeAll(replicas);
        return others;
    }
}
