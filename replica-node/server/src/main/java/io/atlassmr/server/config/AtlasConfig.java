package io.atlassmr.server.config;

import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.log.Durability;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a replica's process is configured with: {@code atlas.*} in {@code application.properties}, {@code ATLAS_*} in the
 * environment. Names, defaults and bounds are listed in docs/reference/configuration.md; bounds are checked where the values
 * are used ({@link ReplicaSettings}).
 */
@ConfigMapping(prefix = "atlas")
public interface AtlasConfig {

    /** The first members and their addresses, from which all later members are proven. */
    Path clusterFile();

    /** Which replica this is. */
    int replicaId();

    /** Where this replica listens, if it is no first member or listens elsewhere by now: one entry as in the cluster file. */
    Optional<Path> memberFile();

    /** Newer members than those of the cluster file, to find the cluster by; nothing else is believed of it. */
    Optional<Path> peersFile();

    /** The private key of the replica. */
    Path identityFile();

    /** Directory of the persistent log. */
    Path dbPath();

    /** The log must hold every decision below it. */
    @WithDefault("1")
    long nextSequenceNumber();

    /** What records survive before they are answered for. */
    @WithDefault("strict")
    Durability durability();

    /** Address that all ports listen on. */
    @WithDefault("0.0.0.0")
    String bindHost();

    /** Proposals. */
    Ordering ordering();

    /** Requests that wait. */
    Requests requests();

    /** When the leader is replaced. */
    ViewTransfer viewTransfer();

    /** Exactly-once execution. */
    Sessions sessions();

    /** When checkpoints are taken, and where they are kept. */
    Checkpoint checkpoint();

    /** What peers may take of the state. */
    StateTransfer stateTransfer();

    /** How operations are executed. */
    Execution execution();

    /** Threads that check what arrives. */
    PreProcessing preProcessing();

    /** The end of the process. */
    Shutdown shutdown();

    /** Connections. */
    NetworkConfig network();

    /** Memory of the persistent log. */
    Storage storage();

    /** The key-value application. */
    KeyValue kv();

    /** The HTTP gateway. */
    Gateway gateway();

    /** The admin API. */
    Admin admin();

    /** Decisions and evidence for other systems. */
    Messaging messaging();

    /** A cluster in one process. */
    Development development();

    /** {@code atlas.development.*}. */
    interface Development {
        /** Where a cluster for development keeps its files; no such cluster if it is not set. */
        Optional<Path> directory();

        /** First port of replica 0; the others' are ten apart. Counts when the files are made. */
        @WithDefault("7200")
        int basePort();
    }

    /** {@code atlas.ordering.*}. */
    interface Ordering {
        /** Instances that may be in flight at once; the same at all members. */
        @WithDefault("32")
        int window();

        /** Most requests in a proposal. */
        @WithDefault("2048")
        int maxBatchRequests();

        /** Most bytes in a proposal. */
        @WithDefault("1048576")
        int maxBatchBytes();

        /** Longest wait for a fuller proposal while instances are in flight. */
        @WithDefault("5")
        long maxBatchDelayMillis();

        /** How far a proposed time may be ahead of this clock. */
        @WithDefault("60000")
        long maxClockSkewMillis();
    }

    /** {@code atlas.requests.*}. */
    interface Requests {
        /** Most requests that wait for a decision. */
        @WithDefault("65536")
        int maxPending();

        /** Most bytes that wait for a decision. */
        @WithDefault("268435456")
        long maxPendingBytes();

        /** Most requests of one client that wait. */
        @WithDefault("4096")
        int maxPendingPerClient();
    }

    /** {@code atlas.view-transfer.*}. */
    interface ViewTransfer {
        /** Longest wait for a decision while there is work. */
        @WithDefault("1000")
        long progressTimeoutMillis();

        /** Longest wait of one request for its decision. */
        @WithDefault("4000")
        long requestTimeoutMillis();

        /** Cap of the doubling wait for a new view. */
        @WithDefault("16000")
        long maxTimeoutMillis();

        /** Between two reports of progress to peers. */
        @WithDefault("200")
        long statusIntervalMillis();
    }

    /** {@code atlas.sessions.*}; the same at all members. */
    interface Sessions {
        /** How far apart the outstanding numbers of a client may be. */
        @WithDefault("1024")
        int window();

        /** Most clients remembered at once. */
        @WithDefault("10000")
        int maxSessions();

        /** Most bytes of replies remembered for one client. */
        @WithDefault("1048576")
        int maxReplyBytes();

        /** How far a request's time may be from the agreed time. */
        @WithDefault("300000")
        long lifetimeMillis();
    }

    /** {@code atlas.checkpoint.*}. */
    interface Checkpoint {
        /** Directory of the checkpoints. Default: {@code checkpoints} beside the log. */
        Optional<Path> path();

        /** Decisions between two checkpoints; the same at all members. */
        @WithDefault("1000")
        int interval();

        /** Stable checkpoints that are kept. */
        @WithDefault("2")
        int retain();

        /** Longest time without a checkpoint while there are decisions; 0 for no such bound. */
        @WithDefault("0")
        long maxAgeMillis();
    }

    /** {@code atlas.state-transfer.*}. */
    interface StateTransfer {
        /** Most bytes of state given to all peers together. */
        @WithDefault("134217728")
        long maxBytesPerSecond();
    }

    /** {@code atlas.execution.*}. */
    interface Execution {
        /** At most what the application allows. Default: the highest that it allows. */
        Optional<ExecutionModel> model();

        /** Threads for ordered operations in the speculative model. Default: as many as processors, at most 64. */
        OptionalInt threads();

        /** Threads for unordered operations, unless single-threaded. */
        @WithDefault("1")
        int unorderedThreads();

        /** Batches from one that is executed again on copies to the next; 0 for none. */
        @WithDefault("0")
        int determinismCheckInterval();

        /** How long an operation may run before that is reported. */
        @WithDefault("10000")
        long operationDeadlineMillis();
    }

    /** {@code atlas.pre-processing.*}. */
    interface PreProcessing {
        /** Threads for peers, and as many for clients' ordered requests. */
        @WithDefault("2")
        int orderedThreads();

        /** Threads for clients' reads. */
        @WithDefault("1")
        int unorderedThreads();

        /** Fewest unchecked signatures of clients in a proposal that f + 1 members check for all; 0 for none. */
        @WithDefault("8")
        int vouchFromSignatures();
    }

    /** {@code atlas.shutdown.*}. */
    interface Shutdown {
        /** Longest time for handing over and draining. */
        @WithDefault("10000")
        long graceMillis();
    }

    /** {@code atlas.storage.*}. */
    interface Storage {
        /** How much is written before it moves from the write-ahead log into tables. */
        @WithDefault("33554432")
        long writeBufferBytes();

        /** How much of the tables is kept in memory. */
        @WithDefault("33554432")
        long blockCacheBytes();
    }

    /** {@code atlas.kv.*}. */
    interface KeyValue {
        /** Where entries live. */
        @WithDefault("memory")
        StateKind state();

        /** Directory of the entries, if they live in RocksDB. */
        Optional<Path> path();

        /** Where the key-value application keeps its entries. */
        enum StateKind {
            /** In the heap. */
            MEMORY,
            /** In a RocksDB directory, so that they may outgrow the heap. */
            ROCKSDB
        }
    }

    /** {@code atlas.gateway.*}. */
    interface Gateway {
        /** The gateway's own client identity; made at the first start. Default: {@code gateway.pem} beside the replica's. */
        Optional<Path> identityFile();

        /** How long a request may take. */
        @WithDefault("10000")
        long requestTimeoutMillis();

        /** Most connections to the gateway. */
        @WithDefault("4096")
        int maxConnections();

        /** How long a connection may take to send a request, from its begin or its last answer on. */
        @WithDefault("75000")
        int timeoutMillis();
    }

    /** {@code atlas.admin.*}. */
    interface Admin {
        /** Public keys, in hexadecimal, of who may call the admin API besides the members. */
        Optional<List<String>> clients();

        /** Requests that one caller may make in a second, over some time. */
        @WithDefault("200")
        int requestsPerSecond();

        /** Most connections in all, those that still shake hands included. */
        @WithDefault("512")
        int maxConnections();

        /** Most connections of one caller. */
        @WithDefault("32")
        int maxConnectionsPerCaller();

        /** How long a handshake may take, then the head of a request, then its body. */
        @WithDefault("10000")
        int timeoutMillis();
    }

    /** {@code atlas.messaging.*}. */
    interface Messaging {
        /** Most decisions that wait for a slow consumer. */
        @WithDefault("1024")
        int maxBufferedDecisions();

        /** Most bytes of decisions that wait for a slow consumer. */
        @WithDefault("67108864")
        long maxBufferedBytes();
    }
}
