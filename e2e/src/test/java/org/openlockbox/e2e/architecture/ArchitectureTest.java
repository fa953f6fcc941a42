package org.openlockbox.e2e.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules that the compiler cannot hold. Each was proved by a planted fault:
/// `build/prove-guards.sh` plants them all and expects every method here to fail.
class ArchitectureTest {
  private static final String ROOT = "org.openlockbox.";
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.openlockbox");

  @Test
  void tlogKnowsNobodyAndCoreKnowsOnlyTlog() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.tlog.."))
            .should()
            .dependOnClassesThat(others("tlog"))
            .because("anyone can take tlog alone"));
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.core.."))
            .should()
            .dependOnClassesThat(others("core", "tlog"))
            .because("the domain is the same in the server, the gateway and the verifier"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "gateway", "cli"})
  void serverGatewayAndCliNeverDependOnEachOther(String module) {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox." + module + ".."))
            .should()
            .dependOnClassesThat(others(module, "core", "tlog"))
            .because("they can lie about different things"));
  }

  @Test
  void coreDoesNoInputOrOutput() {
    check(
        noClasses()
            .that(resideInAnyPackage("..openlockbox.core..", "..openlockbox.tlog.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.sql..", "javax.sql..", "java.net..", "java.nio.file.."))
            .because("the pure half runs anywhere, the offline verifier included"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tlog", "core", "server", "gateway", "cli", "node"})
  void packagesOfAModuleFormNoCycle(String module) {
    check(slices().matching(ROOT + module + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void noNameHidesWhatTheThingIs() {
    check(
        noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Service|Processor|Info|Data)(\\$.*)?")
            .because("a name that needs one of these words says nothing (GLOSSARY.md)"));
  }

  @Test
  void timeAndRandomnessComeInThroughTheConstructor() {
    check(
        noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .because("a test must be able to set the clock and repeat the dice"));
  }

  @Test
  void sqlStaysWhereItIsAtHome() {
    check(
        noClasses()
            .that(
                resideInAnyPackage("..openlockbox.cli..", "..openlockbox.server.api..")
                    .or(
                        resideInAPackage("..openlockbox.gateway..")
                            .and(
                                DescribedPredicate.not(
                                    resideInAPackage("..openlockbox.gateway.fence..")))))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql.."))
            .because(
                "the HTTP edge sees types, and the gateway's relay speaks the protocol itself"));
  }

  @Test
  void springStaysInTheServer() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("..openlockbox.server..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework.."))
            .because("whoever reads the gateway must not need to know Spring"));
  }

  @Test
  void everyClassIsClosed() {
    check(
        classes()
            .that(canBeExtendedByAnybody())
            .should(ArchConditions.haveModifier(JavaModifier.FINAL))
            .allowEmptyShould(true)
            .because("an open class is an extension point that nobody designed"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(PRODUCT);
  }

  /// Everything of ours outside these modules.
  private static DescribedPredicate<JavaClass> others(String... modules) {
    return DescribedPredicate.describe(
        "belong to modules other than " + String.join(", ", modules),
        type -> {
          String name = type.getPackageName() + ".";
          if (!name.startsWith(ROOT)) {
            return false;
          }
          for (String module : modules) {
            if (name.startsWith(ROOT + module + ".")) {
              return false;
            }
          }
          return true;
        });
  }

  private static DescribedPredicate<JavaClass> canBeExtendedByAnybody() {
    return DescribedPredicate.describe(
        "are neither final, abstract, sealed nor anonymous",
        type ->
            !type.isInterface()
                && !type.isEnum()
                && !type.isRecord()
                && !type.isAnonymousClass()
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
                && !type.getSimpleName().equals("package-info")
                && !type.getSimpleName().equals("module-info")
                && !type.reflect().isSealed());
  }
}
