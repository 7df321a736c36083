package io.atlassmr.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the design, and the purity of the protocols. */
class ArchitectureTest {

    private static final String ROOT = "io.atlassmr.";

    /** What each module may use of the others. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("api", Set.of()),
            Map.entry("crypto", Set.of()),
            Map.entry("wire", Set.of()),
            Map.entry("protocol", Set.of("api", "crypto", "wire")),
            Map.entry("runtime", Set.of("api", "crypto", "wire", "protocol")),
            Map.entry("transport", Set.of("crypto")),
            Map.entry("network", Set.of("api", "crypto", "protocol", "runtime", "transport")),
            Map.entry("storage", Set.of("runtime")),
            Map.entry("client", Set.of("api", "crypto", "wire", "transport")),
            Map.entry("admin", Set.of("crypto", "protocol", "transport", "client")),
            Map.entry("kv", Set.of("api")),
            Map.entry("typed", Set.of("api", "client")),
            Map.entry(
                    "testing",
                    Set.of(
                            "api",
                            "crypto",
                            "wire",
                            "protocol",
                            "runtime",
                            "transport",
                            "network",
                            "storage",
                            "client")),
            Map.entry("bench", Set.of("api", "client", "crypto", "transport", "wire", "protocol", "runtime", "kv")),
            Map.entry("simulation", Set.of("api", "crypto", "wire", "protocol", "runtime", "client", "kv")),
            Map.entry(
                    "server",
                    Set.of("api", "crypto", "protocol", "runtime", "transport", "network", "storage", "client", "kv")));

    /** What of {@code java.util} depends on more than its arguments. */
    private static final Set<String> IMPURE_UTILITIES = Set.of(
            Random.class.getName(), UUID.class.getName(), "java.util.Timer", "java.util.Date", "java.util.Calendar");

    /** Streams, which codecs write to and read from and never open, and what they declare. */
    private static final Set<String> STREAMS = Set.of(
            "java.io.ByteArrayOutputStream",
            "java.io.DataInputStream",
            "java.io.DataOutputStream",
            "java.io.EOFException",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.FilterOutputStream",
            "java.io.IOException",
            "java.io.UncheckedIOException",
            "java.io.Serializable");

    private static final Set<String> IMPURE_PARTS_OF_THE_LANGUAGE = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.lang.Runtime",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.System");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.atlassmr");
    }

    static Stream<String> modules() {
        return ARROWS.keySet().stream().sorted();
    }

    @Test
    void everyModuleIsThere() {
        Set<String> found = new TreeSet<>();
        for (JavaClass each : classes) {
            found.add(each.getPackageName().substring(ROOT.length()).replaceAll("\\..*", ""));
        }
        assertEquals(new TreeSet<>(ARROWS.keySet()), found);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void arrowsGoOneWay(String module) {
        String[] forbidden = modules()
                .filter(other -> !other.equals(module) && !ARROWS.get(module).contains(other))
                .map(ArchitectureTest::packages)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packages(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(classes);
    }

    /** Left out: the simulation, whose trace names the nodes of the network that it traces. */
    @Test
    void packagesDoNotGoInCircles() {
        slices().matching(ROOT + "(**)")
                .should()
                .beFreeOfCycles()
                .check(classes.that(describe(
                        "are not of the simulation",
                        each -> !each.getPackageName().startsWith(ROOT + "simulation"))));
    }

    /** The same events give the same effects, on every machine: the protocols see nothing that could differ. */
    @Test
    void theProtocolsArePure() {
        classes()
                .that()
                .resideInAPackage(packages("protocol"))
                .should()
                .onlyDependOnClassesThat(describe("are deterministic", ArchitectureTest::isDeterministic))
                .check(classes);
    }

    @Test
    void whatApplicationAuthorsSeeNeedsNothing() {
        classes()
                .that()
                .resideInAPackage(packages("api"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages("api"), "java..")
                .check(classes);
    }

    @Test
    void theFrameworkStaysInTheServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packages("server"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "org.eclipse.microprofile..", "io.vertx..")
                .check(classes);
    }

    /** In the server, one package sees connections to the HTTP ports before the HTTP server does. */
    @Test
    void socketsAndDatabasesStayBehindTheirPorts() {
        DescribedPredicate<JavaClass> drivers = resideInAnyPackage("io.netty..", "org.rocksdb..");
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        packages("transport"),
                        packages("network"),
                        packages("storage"),
                        packages("kv"),
                        packages("server.listener"))
                .should()
                .dependOnClassesThat(drivers)
                .check(classes);
    }

    /** A request's way through them is told in docs/explanation/architecture.md. */
    @Test
    void whatLetsRequestsInDoesNotKnowWhatTheyAskFor() {
        String admin = ROOT + "server.admin.";
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "server.listener", ROOT + "server.face", admin + "limits", admin + "access")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(admin + "read", admin + "recovery", admin + "write", admin + "signing")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(admin + "read", admin + "recovery", admin + "signing")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(admin + "write")
                .check(classes);
    }

    /** Whoever asks admin APIs has to know who the members are, and needs no client of the replicated state for that. */
    @Test
    void whoKnowsAClusterNeedsNoClient() {
        noClasses()
                .that()
                .resideInAnyPackage(packages("admin"), ROOT + "client.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "client", ROOT + "client.transport", ROOT + "client.time")
                .check(classes);
    }

    /** Bytes become frames, and strangers are turned away, the same way whoever proves identities. */
    @Test
    void framesAndAdmissionKnowNothingOfTls() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "transport.frame", ROOT + "transport.admission")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "transport", ROOT + "transport.tls", "javax.net.ssl..", "io.netty.handler.ssl..")
                .check(classes);
    }

    @Test
    void whatQuarkusGeneratesCallsForIsPublic() {
        methods()
                .that()
                .areAnnotatedWith(ServerExceptionMapper.class)
                .should()
                .bePublic()
                .andShould()
                .beDeclaredInClassesThat()
                .arePublic()
                .because("in development mode the caller has another class loader")
                .check(classes);
    }

    private static String packages(String module) {
        return ROOT + module + "..";
    }

    private static boolean isDeterministic(JavaClass used) {
        JavaClass type = used.getBaseComponentType();
        String name = type.getName();
        return switch (type.getPackageName()) {
            case "" -> true;
            case "java.lang" -> !IMPURE_PARTS_OF_THE_LANGUAGE.contains(name);
            case "java.util" -> !IMPURE_UTILITIES.contains(name);
            case "java.io" -> STREAMS.contains(name);
            case "java.nio" -> name.equals("java.nio.ByteBuffer");
            case "java.lang.invoke",
                    "java.lang.runtime",
                    "java.lang.annotation",
                    "java.util.function",
                    "java.util.stream",
                    "java.nio.charset",
                    "com.google.protobuf" -> true;
            case String other ->
                resideInAnyPackage(
                                packages("api"),
                                packages("protocol"),
                                packages("wire"),
                                ROOT + "crypto.hash",
                                ROOT + "crypto.signature")
                        .test(type);
        };
    }
}
