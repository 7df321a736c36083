package io.atlassmr.simulation.fault;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.verify.CommandSigning;
import io.atlassmr.protocol.verify.CommandVerifier;
import io.atlassmr.simulation.identity.SignatureRegistry;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.replica.Machine;
import io.atlassmr.simulation.replica.World;
import java.util.Map;
import java.util.TreeMap;

/** Who may change the membership of a run: signs commands for the epoch that the first honest replica has entered. */
public final class Administrator {

    private final World world;
    private final SimulatedIdentity identity;
    private long number;
    private int rotations;

    public Administrator(World world) {
        this.world = world;
        this.identity = identity(world.signatures());
    }

    private static SimulatedIdentity identity(SignatureRegistry signatures) {
        return signatures.create("administrator");
    }

    /** What the members agree on before the first decision. */
    public static ReconfigurationState initial(Membership genesis, SignatureRegistry signatures, int window) {
        PublicKey key = PublicKey.of(identity(signatures).publicKey());
        return ReconfigurationState.initial(genesis, new TreeMap<>(Map.of(key, Role.OWNER)), window);
    }

    /** His signature under a command. */
    public SignedCommand sign(Command command) {
        return sign(command, identity);
    }

    /** A member's own command to change to a new key, which the machine has from now on. */
    public SignedCommand rotation(Machine machine) {
        Epoch epoch = world.referee().epoch();
        SimulatedIdentity next = world.signatures().create("replica " + machine.id() + " key " + ++rotations);
        machine.add(next);
        byte[] proof = next.sign(
                CommandVerifier.newKeyStatement(world.membership().clusterId(), epoch.number(), machine.id()));
        Command command = new Command.RotateKey(machine.id(), PublicKey.of(next.publicKey()), proof);
        byte[] oldKey = epoch.membership().member(machine.id()).orElseThrow().publicKey();
        return sign(command, machine.identity(oldKey));
    }

    /** A command with somebody else's signature, numbered as his are. */
    private SignedCommand sign(Command command, SimulatedIdentity signer) {
        return CommandSigning.sign(
                world.membership().clusterId(),
                signer,
                ++number,
                world.referee().epoch().number(),
                command);
    }
}
