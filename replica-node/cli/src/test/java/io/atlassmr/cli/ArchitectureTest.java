package io.atlassmr.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which way the arrows between the packages of the commands go. */
class ArchitectureTest {

    private static final String ROOT = "io.atlassmr.cli.";
    private static final String CLUSTER = ROOT + "cluster.";

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.atlassmr.cli");
    }

    @Test
    void packagesDoNotGoInCircles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(classes);
    }

    /** A command reads what it is told and tells what came of it; how it is done is beside it, for whoever else does it. */
    @Test
    void whatCommandsDoKnowsNoCommand() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "(*)..")
                .and()
                .resideOutsideOfPackage(ROOT + "command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "command..")
                .check(classes);
    }

    /** The files of a cluster are there before anything runs, and after. */
    @Test
    void theFilesOfAClusterNeedNoProcess() {
        noClasses()
                .that()
                .resideInAnyPackage(CLUSTER + "spec", CLUSTER + "directory", CLUSTER + "creation")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CLUSTER + "process")
                .check(classes);
    }
}
