package io.atlassmr.simulation.network;

/** The ends of links: replicas under their ids, clients above them. */
public final class Nodes {

    /** No node in particular. */
    public static final int WORLD = -1;

    private static final int FIRST_CLIENT = 100;

    private Nodes() {}

    /** The node of a client, counted from 0. */
    public static int ofClient(int client) {
        return FIRST_CLIENT + client;
    }

    /** Whether the node is a client. */
    public static boolean isClient(int node) {
        return node >= FIRST_CLIENT;
    }

    /** The node for a person. */
    public static String name(int node) {
        if (node == WORLD) {
            return "world";
        }
        return isClient(node) ? "client " + (node - FIRST_CLIENT) : "replica " + node;
    }
}
