package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.verify.CommandSigning;
import io.atlassmr.simulation.identity.SignatureRegistry;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.replica.World;
import java.util.Map;
import java.util.TreeMap;

/** Who may change the membership of a run: signs commands for the epoch that the first honest replica has entered. */
public final class Administrator {

    private final World world;
    private final SimulatedIdentity identity;
    private long number;

    public Administrator(World world) {
        this.world = world;
        this.identity = identity(world.signatures());
    }

    private static SimulatedIdentity identity(SignatureRegistry signatures) {
        return signatures.create("administrator");
    }

    /** What the members agree on before the first decision. */
    public static ReconfigurationState initial(
            Membership genesis, SignatureRegistry signatures, int window, CheckpointPolicy policy) {
        PublicKey key = PublicKey.of(identity(signatures).publicKey());
        return ReconfigurationState.initial(genesis, new TreeMap<>(Map.of(key, Role.OWNER)), window, policy);
    }

    /** His signature under a command. */
    public SignedCommand sign(Command command) {
        return sign(command, identity);
    }

    /** A command with somebody else's signature, numbered as his are. */
    SignedCommand sign(Command command, SimulatedIdentity signer) {
        return CommandSigning.sign(
                world.membership().clusterId(),
                signer,
                ++number,
                world.referee().epoch().number(),
                command);
    }
}
