package io.atlassmr.simulation.lies.members;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.runtime.frame.EvidenceFrames;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tries to have an honest member barred: with votes in its name that only the liar has signed, or with true proof of something that the
 * liar did itself. Tells it as evidence, hands it on as a command, and proposes it.
 */
public final class FalseAccusation implements Lie {

    private static final int PERMILLE = 100;

    private final Liar liar;

    public FalseAccusation(Liar liar) {
        this.liar = liar;
    }

    private Proof proof(int victim) {
        Signed<Prepare> first = liar.sign(new Prepare(liar.view(), 1, digest(1)));
        Signed<Prepare> second = liar.sign(new Prepare(liar.view(), 1, digest(2)));
        int signer = liar.random().nextInt(4) == 0 ? liar.id() : victim;
        return new Proof(
                liar.membership().clusterId(),
                Misdeed.Conflict.of(
                        new Signed<>(first.message(), signer, first.epoch(), first.signature()),
                        new Signed<>(second.message(), signer, second.epoch(), second.signature())));
    }

    private static Digest digest(int number) {
        return Sha256.of(new byte[] {(byte) number});
    }

    private SignedCommand accusation(int victim) {
        return CommandCodec.accuse(liar.epoch(), new Command.Accuse(victim, EvidenceCodec.encode(proof(victim))));
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        liar.proposeInstead(
                LieKind.FALSE_ACCUSATION,
                letter,
                PERMILLE,
                batch -> BatchCodec.encode(
                        batch.agreedTimeMillis(),
                        batch.checkpoint(),
                        batch.bundles(),
                        List.of(accusation(liar.anyOther()))),
                next);
    }

    @Override
    public void act() {
        if (liar.status() == null || !liar.sometimes(PERMILLE)) {
            return;
        }
        int victim = liar.anyOther();
        liar.lied(LieKind.FALSE_ACCUSATION, "of replica " + victim);
        byte[] command = PeerFrames.commands(List.of(accusation(victim)));
        byte[] evidence = EvidenceFrames.proofs(List.of(proof(victim)));
        for (int member : liar.others()) {
            liar.post(member, command);
            liar.post(member, evidence);
        }
    }
}
