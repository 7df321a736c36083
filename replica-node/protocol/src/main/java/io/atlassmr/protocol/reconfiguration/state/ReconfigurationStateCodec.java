package io.atlassmr.protocol.reconfiguration.state;

import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.EpochCodec;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the members agree on about themselves, as a wire message; equal states give equal bytes. */
public final class ReconfigurationStateCodec {

    private ReconfigurationStateCodec() {}

    public static io.atlassmr.wire.v1.ReconfigurationState encode(ReconfigurationState state) {
        var wire = io.atlassmr.wire.v1.ReconfigurationState.newBuilder()
                .setWindow(state.window())
                .setCurrent(EpochCodec.encode(state.current()))
                .setHighestId(state.highestId())
                .setAgreedTimeMillis(state.agreedTimeMillis());
        wire.getCheckpointPolicyBuilder()
                .setInterval(state.checkpointPolicy().interval())
                .setRetain(state.checkpointPolicy().retain())
                .setMaxAgeMillis(state.checkpointPolicy().maxAgeMillis());
        wire.addAllBarred(state.barred());
        if (state.next() != null) {
            wire.setNext(EpochCodec.encode(state.next()));
        }
        state.administrators()
                .forEach((key, role) -> wire.addAdministratorsBuilder()
                        .setKey(CommandCodec.bytes(key))
                        .setRole(CommandCodec.encode(role)));
        for (Admission admission : state.admissions().values()) {
            var builder = wire.addAdmissionsBuilder()
                    .setNewcomer(EpochCodec.encode(admission.newcomer()))
                    .setExpiresAtMillis(admission.expiresAtMillis())
                    .setCommand(
                            UnsafeByteOperations.unsafeWrap(admission.command().toByteArray()));
            if (admission.replaces() != Command.Admit.NOBODY) {
                builder.setReplacesMember(true).setReplaces(admission.replaces());
            }
        }
        state.lastNumbers()
                .forEach((key, number) -> wire.addLastNumbersBuilder()
                        .setKey(CommandCodec.bytes(key))
                        .setNumber(number));
        for (Outcome outcome : state.outcomes()) {
            wire.addOutcomesBuilder()
                    .setCommand(
                            UnsafeByteOperations.unsafeWrap(outcome.command().toByteArray()))
                    .setSequenceNumber(outcome.sequenceNumber())
                    .setRefusal(
                            outcome.refusal() == null ? 0 : outcome.refusal().code());
        }
        return wire.build();
    }

    /**
     * @throws MalformedMessageException if it is not a state within bounds
     */
    public static ReconfigurationState decode(io.atlassmr.wire.v1.ReconfigurationState wire)
            throws MalformedMessageException {
        boolean fits = wire.getWindow() >= 1
                && wire.getAdministratorsCount() <= ReconfigurationState.MAX_ADMINISTRATORS
                && wire.getAdmissionsCount() <= ReconfigurationState.MAX_ADMISSIONS
                && wire.getLastNumbersCount() <= ReconfigurationState.MAX_SIGNERS
                && wire.getOutcomesCount() <= ReconfigurationState.MAX_OUTCOMES
                && wire.getBarredCount() <= Membership.MAX_MEMBERS;
        var policy = wire.getCheckpointPolicy();
        boolean hasPolicy = policy.getInterval() >= 1 && policy.getRetain() >= 1 && policy.getMaxAgeMillis() >= 0;
        if (!fits || !hasPolicy || wire.getAgreedTimeMillis() < 0) {
            throw new MalformedMessageException("a reconfiguration state out of range");
        }
        TreeMap<PublicKey, Role> administrators = new TreeMap<>();
        for (var administrator : wire.getAdministratorsList()) {
            administrators.put(CommandCodec.key(administrator.getKey()), CommandCodec.role(administrator.getRole()));
        }
        TreeMap<Integer, Admission> admissions = new TreeMap<>();
        for (var admission : wire.getAdmissionsList()) {
            var newcomer = EpochCodec.decode(admission.getNewcomer());
            admissions.put(
                    newcomer.id(),
                    new Admission(
                            newcomer,
                            admission.getExpiresAtMillis(),
                            CommandCodec.replaces(admission.getReplacesMember(), admission.getReplaces()),
                            CommandCodec.digest(admission.getCommand())));
        }
        TreeMap<PublicKey, Long> lastNumbers = new TreeMap<>();
        for (var last : wire.getLastNumbersList()) {
            lastNumbers.put(CommandCodec.key(last.getKey()), last.getNumber());
        }
        List<Outcome> outcomes = new ArrayList<>(wire.getOutcomesCount());
        for (var outcome : wire.getOutcomesList()) {
            outcomes.add(new Outcome(
                    CommandCodec.digest(outcome.getCommand()),
                    outcome.getSequenceNumber(),
                    refusal(outcome.getRefusal())));
        }
        return new ReconfigurationState(
                wire.getWindow(),
                EpochCodec.decode(wire.getCurrent()),
                wire.hasNext() ? EpochCodec.decode(wire.getNext()) : null,
                administrators,
                admissions,
                lastNumbers,
                outcomes,
                CommandCodec.id(wire.getHighestId()),
                wire.getAgreedTimeMillis(),
                new CheckpointPolicy(policy.getInterval(), policy.getRetain(), policy.getMaxAgeMillis()),
                new TreeSet<>(wire.getBarredList()));
    }

    private static Refusal refusal(int code) throws MalformedMessageException {
        if (code == 0) {
            return null;
        }
        for (Refusal refusal : Refusal.values()) {
            if (refusal.code() == code) {
                return refusal;
            }
        }
        throw new MalformedMessageException("a refusal of code " + code);
    }
}
