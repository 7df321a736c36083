package io.atlassmr.simulation.lies.voting;

import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Keeps its commits to itself, and the decisions that only they make; and says for every new view, before anybody else does,
 * that it has them.
 */
public final class Withholding implements Lie {

    private final Liar liar;
    private final CommitCollector commits;
    private final Map<Integer, Long> lastDecided = new TreeMap<>();
    private long askedFor;

    public Withholding(Liar liar) {
        this.liar = liar;
        this.commits = new CommitCollector(liar);
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        commits.add(letter);
        boolean help = letter.trafficClass() == TrafficClass.STATE_TRANSFER
                || (letter.message() != null && letter.message().hasForwardedProtocol());
        if (letter.says() instanceof Commit || help) {
            liar.lied(LieKind.WITHHOLDING, "");
        } else {
            next.accept(letter);
        }
    }

    @Override
    public void overhear(Letter letter, int from) {
        commits.add(letter);
        if (letter.message() != null && letter.message().hasStatus()) {
            lastDecided.put(from, letter.message().getStatus().getLastDecided());
        }
    }

    /** How far this member says it is; {@link Long#MAX_VALUE} if it was not heard yet. */
    long lastDecidedOf(int member) {
        return lastDecided.getOrDefault(member, Long.MAX_VALUE);
    }

    @Override
    public void act() {
        ReplicaStatus status = liar.status();
        boolean ahead = lastDecided.values().stream().allMatch(others -> others < status.lastDecided());
        if (ahead && askedFor <= status.view()) {
            ViewChange own = commits.viewChange(status.view() + 1, status.lastDecided());
            if (own != null) {
                askedFor = own.view();
                liar.lied(LieKind.WITHHOLDING, "about where view " + askedFor + " begins");
                liar.others().forEach(member -> liar.post(liar.letter(member, own, null)));
            }
        }
    }
}
