package io.atlassmr.simulation.lies.leading;

import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.simulation.liar.Conspiracy;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Proposes one batch to some and another to the rest, and votes with each for what it was told. */
public final class Equivocation implements Lie {

    private static final int SPLIT_PERMILLE = 300;
    private static final int BOTH_PERMILLE = 100;

    private final Liar liar;

    public Equivocation(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        switch (letter.says()) {
            case PrePrepare proposal when letter.signed().signer() == liar.id() -> propose(letter, proposal, next);
            case null, default -> next.accept(letter);
        }
    }

    private void propose(Letter letter, PrePrepare proposal, Consumer<Letter> next) {
        Conspiracy.Split split = liar.conspiracy().splitAt(proposal.view(), proposal.sequenceNumber());
        if (split == null && liar.sometimes(SPLIT_PERMILLE)) {
            split = split(proposal, letter.batch());
            liar.conspiracy().split(proposal.view(), proposal.sequenceNumber(), split);
            liar.lied(LieKind.EQUIVOCATION, "at " + proposal.sequenceNumber() + " towards " + split.toldSecond());
        }
        if (split == null || !split.toldSecond().contains(letter.to())) {
            next.accept(letter);
            return;
        }
        PrePrepare second = new PrePrepare(proposal.view(), proposal.sequenceNumber(), split.second());
        next.accept(liar.letter(letter.to(), second, split.secondBatch()));
        if (liar.sometimes(BOTH_PERMILLE)) {
            next.accept(letter);
        }
    }

    private Conspiracy.Split split(PrePrepare proposal, Batch batch) {
        Set<Integer> toldSecond = new TreeSet<>();
        for (int member : liar.others()) {
            if (liar.random().nextBoolean()) {
                toldSecond.add(member);
            }
        }
        List<ClientBundle> bundles = new ArrayList<>(batch.bundles());
        Collections.reverse(bundles);
        if (bundles.size() > 1 && liar.random().nextBoolean()) {
            bundles.removeLast();
        }
        Batch second = BatchCodec.encode(batch.agreedTimeMillis() + 1, bundles);
        return new Conspiracy.Split(proposal.digest(), second.digest(), second, toldSecond);
    }
}
