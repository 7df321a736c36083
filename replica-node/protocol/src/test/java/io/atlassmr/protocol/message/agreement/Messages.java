package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Protocol messages of all kinds, from few values so that near misses are common. */
final class Messages {

    private Messages() {}

    private static Arbitrary<Long> natural() {
        return from(0);
    }

    private static Arbitrary<Long> positive() {
        return from(1);
    }

    private static Arbitrary<Long> from(long least) {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(least, 2), Arbitraries.longs().between(least, Long.MAX_VALUE));
    }

    private static Arbitrary<Digest> digests() {
        return Arbitraries.bytes().between((byte) 0, (byte) 2).map(value -> {
            byte[] bytes = new byte[Digest.SIZE_BYTES];
            bytes[0] = value;
            return Digest.of(bytes);
        });
    }

    private static Arbitrary<byte[]> signatures() {
        return Arbitraries.bytes()
                .between((byte) 0, (byte) 1)
                .array(byte[].class)
                .ofMaxSize(2);
    }

    private static Arbitrary<Integer> signers() {
        return Arbitraries.integers().between(0, 3);
    }

    private static Arbitrary<Certificate> certificates() {
        Arbitrary<List<VoteSignature>> votes = Combinators.combine(signers(), signatures())
                .as(VoteSignature::new)
                .list()
                .ofMaxSize(3);
        return Combinators.combine(natural(), positive(), digests(), votes).as(Certificate::new);
    }

    private static Arbitrary<ViewChange> viewChanges() {
        Arbitrary<List<Certificate>> some = certificates().list().ofMaxSize(2);
        return Combinators.combine(natural(), natural(), certificates().injectNull(0.5), some, some)
                .as(ViewChange::new);
    }

    static <M extends ProtocolMessage> Arbitrary<Signed<M>> signed(Arbitrary<M> messages) {
        return Combinators.combine(messages, signers(), natural(), signatures()).as(Signed::new);
    }

    static Arbitrary<ProtocolMessage> any() {
        return Arbitraries.oneOf(
                Combinators.combine(natural(), positive(), digests())
                        .as(PrePrepare::new)
                        .map(ProtocolMessage.class::cast),
                Combinators.combine(natural(), positive(), digests()).as(Prepare::new),
                Combinators.combine(natural(), positive(), digests()).as(Commit::new),
                Combinators.combine(natural(), Arbitraries.of(true, false)).as(Suspect::new),
                Combinators.combine(positive(), digests()).as(CheckpointVote::new),
                viewChanges(),
                Combinators.combine(natural(), signed(viewChanges()).list().ofMaxSize(3))
                        .as(NewView::new));
    }
}
