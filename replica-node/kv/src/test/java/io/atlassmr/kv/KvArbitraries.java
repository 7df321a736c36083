package io.atlassmr.kv;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Operations and results within limits, with keys so short that they meet, and now and then at a limit. */
final class KvArbitraries extends DomainContextBase {

    @Provide
    Arbitrary<KvOperation> operations() {
        return Arbitraries.oneOf(
                Arbitraries.just(new KvOperation.Noop()),
                Combinators.combine(keys(), values()).as(KvOperation.Put::new),
                keys().map(KvOperation.Get::new),
                keys().map(KvOperation.Delete::new),
                Combinators.combine(keys(), values().optional(), values()).as(KvOperation.CompareAndSet::new),
                Combinators.combine(
                                Arbitraries.oneOf(keys(), Arbitraries.just(Bytes.EMPTY)),
                                keys().optional(),
                                Arbitraries.integers().between(1, KvLimits.MAX_SCAN_ENTRIES))
                        .as(KvOperation.Scan::new));
    }

    @Provide
    Arbitrary<KvResult> results() {
        return Arbitraries.oneOf(
                Arbitraries.just(new KvResult.Nothing()),
                Arbitraries.just(new KvResult.Stored()),
                Arbitraries.just(new KvResult.NotFound()),
                Arbitraries.just(new KvResult.Swapped()),
                values().map(KvResult.Found::new),
                Arbitraries.of(true, false).map(KvResult.Deleted::new),
                values().optional().map(KvResult.NotSwapped::new),
                pages());
    }

    @Provide
    Arbitrary<KvCodecTest.Mutation> mutations() {
        return Combinators.combine(
                        Arbitraries.of(KvCodecTest.Mutation.Kind.class),
                        Arbitraries.integers().between(0, 64),
                        Arbitraries.bytes())
                .as(KvCodecTest.Mutation::new);
    }

    private static Arbitrary<KvResult> pages() {
        return Combinators.combine(Arbitraries.maps(keys(), values()).ofMaxSize(10), Arbitraries.of(true, false))
                .as((map, hasNext) -> {
                    TreeMap<Bytes, Bytes> entries = new TreeMap<>(map);
                    Optional<Bytes> nextKey = hasNext && entries.size() > 1
                            ? Optional.of(entries.pollLastEntry().getKey())
                            : Optional.empty();
                    List<KvEntry> page = entries.entrySet().stream()
                            .map(entry -> new KvEntry(entry.getKey(), entry.getValue()))
                            .toList();
                    return new KvResult.Page(page, nextKey);
                });
    }

    private static Arbitrary<Bytes> keys() {
        return bytes(1, 3, KvLimits.MAX_KEY_BYTES);
    }

    private static Arbitrary<Bytes> values() {
        return bytes(0, 20, KvLimits.MAX_VALUE_BYTES);
    }

    private static Arbitrary<Bytes> bytes(int minBytes, int usualMaxBytes, int maxBytes) {
        Arbitrary<Bytes> usual = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(minBytes)
                .ofMaxSize(usualMaxBytes)
                .map(Bytes::copyOf);
        Arbitrary<Bytes> atLimit = Arbitraries.bytes().map(fill -> {
            byte[] longest = new byte[maxBytes];
            Arrays.fill(longest, fill);
            return Bytes.copyOf(longest);
        });
        return Arbitraries.frequencyOf(Tuple.of(50, usual), Tuple.of(1, atLimit));
    }
}
