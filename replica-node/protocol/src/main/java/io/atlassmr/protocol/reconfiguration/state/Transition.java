package io.atlassmr.protocol.reconfiguration.state;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.VoteSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One decision's way from a state to the next. What is refused changes nothing but the outcomes. */
final class Transition {

    private final int window;
    private final TreeMap<PublicKey, Role> administrators;
    private final TreeMap<Integer, Admission> admissions;
    private final TreeMap<PublicKey, Long> lastNumbers;
    private final List<Outcome> outcomes;
    private final long sequenceNumber;
    private final long agreedTimeMillis;
    private Epoch current;
    private Epoch next;
    private int highestId;

    private Transition(ReconfigurationState from, Decision decision) {
        this.window = from.window();
        this.administrators = new TreeMap<>(from.administrators());
        this.admissions = new TreeMap<>(from.admissions());
        this.lastNumbers = new TreeMap<>(from.lastNumbers());
        this.outcomes = new ArrayList<>(from.outcomes());
        this.current = from.current();
        this.next = from.next();
        this.highestId = from.highestId();
        this.sequenceNumber = decision.sequenceNumber();
        this.agreedTimeMillis =
                Math.max(from.agreedTimeMillis(), decision.batch().agreedTimeMillis());
    }

    static ReconfigurationState of(ReconfigurationState from, Decision decision) {
        Transition transition = new Transition(from, decision);
        transition.admissions.values().removeIf(transition::isExpired);
        decision.batch().commands().forEach(transition::judge);
        if (transition.next != null && transition.next.base() == decision.sequenceNumber()) {
            // Honest members vote for nothing else there: this is the whole chain's foundation.
            if (!transition.next.equals(decision.batch().epoch())) {
                throw new IllegalStateException("decision " + decision.sequenceNumber()
                        + " is the last of its epoch and does not begin " + transition.next);
            }
            transition.enterNext();
        }
        return transition.state();
    }

    private ReconfigurationState state() {
        return new ReconfigurationState(
                window, current, next, administrators, admissions, lastNumbers, outcomes, highestId, agreedTimeMillis);
    }

    private boolean isExpired(Admission admission) {
        return admission.expiresAtMillis() <= agreedTimeMillis;
    }

    /** Numbers need no memory any more: commands of the epoch before are refused by its number. */
    private void enterNext() {
        current = next;
        next = null;
        lastNumbers.clear();
    }

    private void judge(SignedCommand signed) {
        boolean decidedBefore =
                outcomes.stream().anyMatch(outcome -> outcome.command().equals(signed.digest()));
        // A stranger's commands leave no trace, so that a leader cannot crowd out the outcomes of others with them.
        if (decidedBefore || !state().knowsSigner(signed)) {
            return;
        }
        Refusal refusal = refusal(signed);
        outcomes.add(new Outcome(signed.digest(), sequenceNumber, refusal));
        if (outcomes.size() > ReconfigurationState.MAX_OUTCOMES) {
            outcomes.removeFirst();
        }
    }

    /** Does what is asked for, or says why not. */
    private Refusal refusal(SignedCommand signed) {
        if (signed.expectedEpoch() != current.number()) {
            return Refusal.STALE_EPOCH;
        }
        if (signed.signer() != null) {
            Long last = lastNumbers.get(signed.signer());
            if (last != null && signed.number() <= last) {
                return Refusal.REPEATED;
            }
            if (last == null && lastNumbers.size() >= ReconfigurationState.MAX_SIGNERS) {
                return Refusal.TOO_MANY;
            }
            lastNumbers.put(signed.signer(), signed.number());
        }
        return switch (signed.command()) {
            case Command.Admit admit -> admit(signed, admit);
            case Command.Withdraw(int id) -> withdraw(signed.signer(), id);
            case Command.Join join -> join(join);
            case Command.Leave(int id) -> leave(signed.signer(), id);
            case Command.RotateKey rotation -> rotate(signed.signer(), rotation);
            case Command.Move move -> move(signed.signer(), move);
            case Command.Lead(int id) -> lead(signed.signer(), id);
            case Command.Grant(var key, Role role) -> grant(signed.signer(), key, role);
            case Command.Revoke(var key) -> revoke(signed.signer(), key);
        };
    }

    private boolean has(PublicKey signer, Role needed) {
        Role role = administrators.get(signer);
        return role != null && role.covers(needed);
    }

    private boolean isMember(PublicKey signer, int id) {
        return current.membership()
                .member(id)
                .filter(member -> ReconfigurationState.isKeyOf(signer, member))
                .isPresent();
    }

    private Refusal admit(SignedCommand signed, Command.Admit admit) {
        Member newcomer = admit.newcomer();
        if (!has(signed.signer(), Role.OPERATOR)) {
            return Refusal.WRONG_SIGNER;
        }
        if (newcomer.id() <= highestId || admissions.containsKey(newcomer.id())) {
            return Refusal.REUSED_ID;
        }
        if (isKnown(PublicKey.of(newcomer.publicKey()))) {
            return Refusal.DUPLICATE_KEY;
        }
        if (admit.replaces() != Command.Admit.NOBODY && !current.membership().contains(admit.replaces())) {
            return Refusal.UNKNOWN_ID;
        }
        if (admissions.size() >= ReconfigurationState.MAX_ADMISSIONS) {
            return Refusal.TOO_MANY;
        }
        Admission admission = new Admission(newcomer, admit.expiresAtMillis(), admit.replaces(), signed.digest());
        if (isExpired(admission)) {
            return Refusal.NOT_ADMITTED;
        }
        admissions.put(newcomer.id(), admission);
        return null;
    }

    private boolean isKnown(PublicKey key) {
        return current.membership().members().stream().anyMatch(member -> ReconfigurationState.isKeyOf(key, member))
                || (next != null
                        && next.membership().members().stream()
                                .anyMatch(member -> ReconfigurationState.isKeyOf(key, member)))
                || admissions.values().stream()
                        .anyMatch(admission -> ReconfigurationState.isKeyOf(key, admission.newcomer()));
    }

    private Refusal withdraw(PublicKey signer, int id) {
        Admission admission = admissions.get(id);
        if (admission == null) {
            return Refusal.UNKNOWN_ID;
        }
        if (!has(signer, Role.OPERATOR) && !ReconfigurationState.isKeyOf(signer, admission.newcomer())) {
            return Refusal.WRONG_SIGNER;
        }
        admissions.remove(id);
        return null;
    }

    private Refusal join(Command.Join join) {
        if (next != null) {
            return Refusal.CHANGE_IN_FLIGHT;
        }
        if (!isQuorum(join.approvals())) {
            return Refusal.NO_QUORUM;
        }
        Admission admission = admissions.get(join.id());
        Membership membership = current.membership();
        if (admission.replaces() != Command.Admit.NOBODY && !membership.contains(admission.replaces())) {
            return Refusal.UNKNOWN_ID;
        }
        List<Member> members = new ArrayList<>(membership.members());
        members.removeIf(member -> member.id() == admission.replaces());
        if (members.size() >= Membership.MAX_MEMBERS) {
            return Refusal.TOO_MANY;
        }
        members.add(admission.newcomer());
        // An id is admitted once at a time and never after it joined: of several that are admitted any may be the
        // first.
        highestId = Math.max(highestId, join.id());
        admissions.remove(join.id());
        change(members);
        return null;
    }

    /** Their signatures were checked by whoever voted for the batch. */
    private boolean isQuorum(List<VoteSignature> approvals) {
        int previous = -1;
        for (VoteSignature approval : approvals) {
            if (approval.signer() <= previous || !current.membership().contains(approval.signer())) {
                return false;
            }
            previous = approval.signer();
        }
        return approvals.size() == current.membership().quorum().size();
    }

    private Refusal leave(PublicKey signer, int id) {
        if (!current.membership().contains(id)) {
            return Refusal.UNKNOWN_ID;
        }
        if (!has(signer, Role.OPERATOR) && !isMember(signer, id)) {
            return Refusal.WRONG_SIGNER;
        }
        if (next != null) {
            return Refusal.CHANGE_IN_FLIGHT;
        }
        List<Member> members = new ArrayList<>(current.membership().members());
        if (members.size() <= Quorum.MIN_MEMBERS) {
            return Refusal.TOO_FEW_MEMBERS;
        }
        members.removeIf(member -> member.id() == id);
        change(members);
        return null;
    }

    private Refusal rotate(PublicKey signer, Command.RotateKey rotation) {
        Member member = current.membership().member(rotation.id()).orElse(null);
        if (member == null) {
            return Refusal.UNKNOWN_ID;
        }
        if (!ReconfigurationState.isKeyOf(signer, member)) {
            return Refusal.WRONG_SIGNER;
        }
        if (next != null) {
            return Refusal.CHANGE_IN_FLIGHT;
        }
        if (isKnown(rotation.newKey())) {
            return Refusal.DUPLICATE_KEY;
        }
        exchange(new Member(
                member.id(), rotation.newKey().toByteArray(), member.host(), member.peerPort(), member.clientPort()));
        return null;
    }

    private Refusal move(PublicKey signer, Command.Move move) {
        Member member = current.membership().member(move.id()).orElse(null);
        if (member == null) {
            return Refusal.UNKNOWN_ID;
        }
        if (!has(signer, Role.OPERATOR) && !isMember(signer, move.id())) {
            return Refusal.WRONG_SIGNER;
        }
        if (next != null) {
            return Refusal.CHANGE_IN_FLIGHT;
        }
        exchange(new Member(member.id(), member.publicKey(), move.host(), move.peerPort(), move.clientPort()));
        return null;
    }

    /** What comes of it is up to the views, which are no part of this state. */
    private Refusal lead(PublicKey signer, int id) {
        if (!current.membership().contains(id)) {
            return Refusal.UNKNOWN_ID;
        }
        return has(signer, Role.OPERATOR) ? null : Refusal.WRONG_SIGNER;
    }

    private void exchange(Member changed) {
        change(current.membership().members().stream()
                .map(member -> member.id() == changed.id() ? changed : member)
                .toList());
    }

    private void change(List<Member> members) {
        next = new Epoch(
                Membership.of(current.membership().clusterId(), current.number() + 1, members),
                sequenceNumber + window);
    }

    private Refusal grant(PublicKey signer, PublicKey key, Role role) {
        if (!has(signer, Role.OWNER)) {
            return Refusal.WRONG_SIGNER;
        }
        if (!administrators.containsKey(key) && administrators.size() >= ReconfigurationState.MAX_ADMINISTRATORS) {
            return Refusal.TOO_MANY;
        }
        if (role != Role.OWNER && isLastOwner(key)) {
            return Refusal.LAST_OWNER;
        }
        administrators.put(key, role);
        return null;
    }

    private Refusal revoke(PublicKey signer, PublicKey key) {
        if (!has(signer, Role.OWNER)) {
            return Refusal.WRONG_SIGNER;
        }
        if (!administrators.containsKey(key)) {
            return Refusal.UNKNOWN_ID;
        }
        if (isLastOwner(key)) {
            return Refusal.LAST_OWNER;
        }
        administrators.remove(key);
        return null;
    }

    private boolean isLastOwner(PublicKey key) {
        return administrators.get(key) == Role.OWNER
                && administrators.values().stream()
                                .filter(role -> role == Role.OWNER)
                                .count()
                        == 1;
    }
}
