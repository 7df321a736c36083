package io.atlassmr.protocol.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Commands as wire messages. Decoding checks structure and bounds, not signatures. */
public final class CommandCodec {

    /** Most bytes of a command that is no accusation. */
    public static final int MAX_COMMAND_BYTES = 16 << 10;

    /** Most bytes of an accusation: of the largest proof, and what is around it. */
    public static final int MAX_ACCUSATION_BYTES = (512 << 10) + 256;

    private static final int SIGNATURE_BYTES = 64;

    private CommandCodec() {}

    /**
     * The bytes that the signer of a command signs, with {@link io.atlassmr.protocol.verify.CommandVerifier#statement}.
     *
     * @param signer null for a {@link Command.Join} or {@link Command.Accuse}
     */
    public static byte[] payload(PublicKey signer, long number, long expectedEpoch, Command command) {
        var wire = io.atlassmr.wire.v1.Command.newBuilder().setNumber(number).setExpectedEpoch(expectedEpoch);
        if (signer != null) {
            wire.setSigner(bytes(signer));
        }
        switch (command) {
            case Command.Admit(var newcomer, long expiresAtMillis, int replaces) -> {
                var admit = wire.getAdmitBuilder()
                        .setNewcomer(EpochCodec.encode(newcomer))
                        .setExpiresAtMillis(expiresAtMillis);
                if (replaces != Command.Admit.NOBODY) {
                    admit.setReplacesMember(true).setReplaces(replaces);
                }
            }
            case Command.Withdraw(int id) -> wire.getWithdrawBuilder().setId(id);
            case Command.Join(int id, var admission, var approvals) -> {
                var join = wire.getJoinBuilder().setId(id).setAdmission(wrap(admission.toByteArray()));
                approvals.forEach(approval -> join.addApprovalsBuilder()
                        .setSigner(approval.signer())
                        .setSignature(wrap(approval.signature())));
            }
            case Command.Leave(int id) -> wire.getLeaveBuilder().setId(id);
            case Command.RotateKey(int id, var newKey, byte[] proof) ->
                wire.getRotateKeyBuilder().setId(id).setNewKey(bytes(newKey)).setProof(wrap(proof));
            case Command.Move(int id, String host, int peerPort, int clientPort) ->
                wire.getMoveBuilder()
                        .setId(id)
                        .setHost(host)
                        .setPeerPort(peerPort)
                        .setClientPort(clientPort);
            case Command.Accuse(int accused, byte[] proof) ->
                wire.getAccuseBuilder().setAccused(accused).setProof(wrap(proof));
            case Command.Lead(int id) -> wire.getLeadBuilder().setId(id);
            case Command.SetCheckpointPolicy(var interval, var retain, var maxAgeMillis) -> {
                var policy = wire.getSetCheckpointPolicyBuilder();
                interval.ifPresent(policy::setInterval);
                retain.ifPresent(policy::setRetain);
                maxAgeMillis.ifPresent(policy::setMaxAgeMillis);
            }
            case Command.Grant(var key, Role role) ->
                wire.getGrantBuilder().setKey(bytes(key)).setRole(encode(role));
            case Command.Revoke(var key) -> wire.getRevokeBuilder().setKey(bytes(key));
        }
        return wire.build().toByteArray();
    }

    /** A command that nobody signs. */
    public static SignedCommand join(long expectedEpoch, Command.Join join) {
        return unsigned(expectedEpoch, join);
    }

    /** A command that nobody signs. */
    public static SignedCommand accuse(long expectedEpoch, Command.Accuse accusation) {
        return unsigned(expectedEpoch, accusation);
    }

    private static SignedCommand unsigned(long expectedEpoch, Command command) {
        byte[] payload = payload(null, 0, expectedEpoch, command);
        return new SignedCommand(Sha256.of(payload), null, 0, expectedEpoch, command, payload, new byte[0]);
    }

    /** The command as it came. */
    public static io.atlassmr.wire.v1.SignedCommand toWire(SignedCommand command) {
        return io.atlassmr.wire.v1.SignedCommand.newBuilder()
                .setPayload(wrap(command.payload()))
                .setSignature(wrap(command.signature()))
                .build();
    }

    /** The command as it came, as bytes. */
    public static byte[] toBytes(SignedCommand command) {
        return toWire(command).toByteArray();
    }

    /**
     * Reads what {@link #toBytes} gives.
     *
     * @throws MalformedMessageException if it is not a command within bounds
     */
    public static SignedCommand decode(byte[] bytes) throws MalformedMessageException {
        try {
            return decode(io.atlassmr.wire.v1.SignedCommand.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a command: " + e.getMessage(), e);
        }
    }

    /**
     * @throws MalformedMessageException if it is not a command within bounds
     */
    public static SignedCommand decode(io.atlassmr.wire.v1.SignedCommand signed) throws MalformedMessageException {
        requireSize(signed, MAX_ACCUSATION_BYTES);
        try {
            var wire = io.atlassmr.wire.v1.Command.parseFrom(signed.getPayload());
            if (wire.getBodyCase() != io.atlassmr.wire.v1.Command.BodyCase.ACCUSE) {
                requireSize(signed, MAX_COMMAND_BYTES);
            }
            boolean isUnsigned = isUnsigned(wire);
            if (signed.getSignature().size() != (isUnsigned ? 0 : SIGNATURE_BYTES)) {
                throw new MalformedMessageException(
                        "a command's signature of " + signed.getSignature().size() + " bytes");
            }
            if (wire.getNumber() < 0 || wire.getExpectedEpoch() < 1) {
                throw new MalformedMessageException("a command with a number or an epoch out of range");
            }
            PublicKey signer = isUnsigned ? null : key(wire.getSigner());
            byte[] payload = signed.getPayload().toByteArray();
            return new SignedCommand(
                    Sha256.of(payload),
                    signer,
                    wire.getNumber(),
                    wire.getExpectedEpoch(),
                    command(wire),
                    payload,
                    signed.getSignature().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a command: " + e.getMessage(), e);
        }
    }

    private static void requireSize(io.atlassmr.wire.v1.SignedCommand signed, int most)
            throws MalformedMessageException {
        if (signed.getPayload().size() > most) {
            throw new MalformedMessageException(
                    "a command of " + signed.getPayload().size() + " bytes, at most " + most);
        }
    }

    private static boolean isUnsigned(io.atlassmr.wire.v1.Command wire) {
        return switch (wire.getBodyCase()) {
            case JOIN, ACCUSE -> true;
            default -> false;
        };
    }

    private static Command command(io.atlassmr.wire.v1.Command wire) throws MalformedMessageException {
        return switch (wire.getBodyCase()) {
            case ADMIT -> {
                var admit = wire.getAdmit();
                if (admit.getExpiresAtMillis() < 0) {
                    throw new MalformedMessageException("an admission that expires before time began");
                }
                yield new Command.Admit(
                        EpochCodec.decode(admit.getNewcomer()),
                        admit.getExpiresAtMillis(),
                        replaces(admit.getReplacesMember(), admit.getReplaces()));
            }
            case WITHDRAW -> new Command.Withdraw(id(wire.getWithdraw().getId()));
            case JOIN -> {
                var join = wire.getJoin();
                if (join.getApprovalsCount() > Membership.MAX_MEMBERS) {
                    throw new MalformedMessageException("a join with " + join.getApprovalsCount() + " approvals");
                }
                List<VoteSignature> approvals = new ArrayList<>(join.getApprovalsCount());
                for (var approval : join.getApprovalsList()) {
                    approvals.add(new VoteSignature(id(approval.getSigner()), signature(approval.getSignature())));
                }
                yield new Command.Join(id(join.getId()), digest(join.getAdmission()), approvals);
            }
            case LEAVE -> new Command.Leave(id(wire.getLeave().getId()));
            case ROTATE_KEY ->
                new Command.RotateKey(
                        id(wire.getRotateKey().getId()),
                        key(wire.getRotateKey().getNewKey()),
                        signature(wire.getRotateKey().getProof()));
            case MOVE -> {
                var move = wire.getMove();
                EpochCodec.requireAddress(move.getHost(), move.getPeerPort(), move.getClientPort());
                yield new Command.Move(id(move.getId()), move.getHost(), move.getPeerPort(), move.getClientPort());
            }
            case ACCUSE ->
                new Command.Accuse(
                        id(wire.getAccuse().getAccused()),
                        wire.getAccuse().getProof().toByteArray());
            case LEAD -> new Command.Lead(id(wire.getLead().getId()));
            case SET_CHECKPOINT_POLICY -> {
                var policy = wire.getSetCheckpointPolicy();
                yield new Command.SetCheckpointPolicy(
                        policy.hasInterval() ? OptionalInt.of(policy.getInterval()) : OptionalInt.empty(),
                        policy.hasRetain() ? OptionalInt.of(policy.getRetain()) : OptionalInt.empty(),
                        policy.hasMaxAgeMillis() ? OptionalLong.of(policy.getMaxAgeMillis()) : OptionalLong.empty());
            }
            case GRANT ->
                new Command.Grant(
                        key(wire.getGrant().getKey()), role(wire.getGrant().getRole()));
            case REVOKE -> new Command.Revoke(key(wire.getRevoke().getKey()));
            case BODY_NOT_SET -> throw new MalformedMessageException("a command that asks for nothing");
        };
    }

    public static int replaces(boolean isSet, int id) throws MalformedMessageException {
        return isSet ? id(id) : Command.Admit.NOBODY;
    }

    public static int id(int id) throws MalformedMessageException {
        if (id < 0) {
            throw new MalformedMessageException("a replica id of " + Integer.toUnsignedString(id));
        }
        return id;
    }

    public static PublicKey key(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() != PublicKey.SIZE_BYTES) {
            throw new MalformedMessageException("a public key of " + bytes.size() + " bytes");
        }
        return PublicKey.of(bytes.toByteArray());
    }

    public static Digest digest(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() != Digest.SIZE_BYTES) {
            throw new MalformedMessageException("a digest of " + bytes.size() + " bytes");
        }
        return Digest.of(bytes.toByteArray());
    }

    private static byte[] signature(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() > SIGNATURE_BYTES) {
            throw new MalformedMessageException("a signature of " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }

    public static io.atlassmr.wire.v1.Role encode(Role role) {
        return switch (role) {
            case VIEWER -> io.atlassmr.wire.v1.Role.VIEWER;
            case OPERATOR -> io.atlassmr.wire.v1.Role.OPERATOR;
            case OWNER -> io.atlassmr.wire.v1.Role.OWNER;
        };
    }

    public static Role role(io.atlassmr.wire.v1.Role role) throws MalformedMessageException {
        return switch (role) {
            case VIEWER -> Role.VIEWER;
            case OPERATOR -> Role.OPERATOR;
            case OWNER -> Role.OWNER;
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new MalformedMessageException("a role that is none");
        };
    }

    public static ByteString bytes(PublicKey key) {
        return wrap(key.toByteArray());
    }

    private static ByteString wrap(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
