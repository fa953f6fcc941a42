package org.openlockbox.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which part may know which. Each rule was proved by a planted fault: `build/prove-guards.sh`
/// plants them all and expects every method here to fail.
@Tag("guard")
class ArchitectureTest {
  static final String ROOT = "org.openlockbox.";
  static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.openlockbox");

  private static final Predicate<Dependency> SQL = to("java.sql.", "javax.sql.", "org.postgresql.");
  private static final Predicate<Dependency> HTTP =
      to("jakarta.servlet.", "org.springframework.http.", "org.springframework.web.", "gg.jte.");

  private static final Set<String> KNOWING_SQL =
      Set.of(
          "node.backup",
          "server.access",
          "server.api",
          "server.audit",
          "server.backup",
          "server.database",
          "server.enrolment",
          "server.epoch",
          "server.erasure",
          "server.export",
          "server.gateway",
          "server.identity",
          "server.log",
          "server.metrics",
          "server.notify",
          "server.proposal",
          "server.request",
          "server.seal",
          "server.tenant",
          "postgres.database",
          "postgres.fence",
          "postgres.copies",
          "postgres.personal",
          "postgres.propose",
          "postgres.schema",
          "demo",
          "demo.postgres",
          "node.doctor",
          "node.process",
          "node.resource",
          "node.service",
          "node.setup");

  private static final Set<String> COMMITTING =
      Set.of(
          "java.sql.Connection",
          "java.sql.DriverManager",
          "javax.sql.DataSource",
          "org.springframework.jdbc.core.JdbcTemplate",
          "org.springframework.jdbc.datasource.DataSourceTransactionManager",
          "org.springframework.jdbc.datasource.DataSourceUtils",
          "org.springframework.jdbc.support.JdbcTransactionManager");

  @Test
  void tlogKnowsNobody() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.tlog.."))
            .should()
            .dependOnClassesThat(others("tlog"))
            .because("anyone can take tlog alone"));
  }

  @Test
  void coreKnowsOnlyTlog() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.core.."))
            .should()
            .dependOnClassesThat(others("core", "tlog"))
            .because("the domain is the same in the server, the gateway and the verifier"));
  }

  @Test
  void policyKnowsOnlyCoreAndTheOfflineVerifierDoesNotKnowIt() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.policy.."))
            .should()
            .dependOnClassesThat(others("policy", "core", "tlog"))
            .because("server, gateway and command line evaluate the same conditions"));
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.verify.."))
            .should()
            .dependOnClassesThat(others("verify", "core", "tlog"))
            .because("it needs nothing but a JDK"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "gateway", "cli", "verify"})
  void serverGatewayCliAndVerifyNeverDependOnEachOther(String module) {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox." + module + ".."))
            .should()
            .dependOnClassesThat(others(module, "policy", "core", "tlog"))
            .because("they can lie about different things"));
  }

  @Test
  void aProtocolKnowsTheGatewayAndNoOtherPart() {
    checkThat("net", "event loops and sockets serve any protocol");
    checkThat("postgres", "another protocol is a module beside it", "net");
    checkThat("http", "another protocol is a module beside it");
    checkThat("check", "a proxy asks about paths and routes of HTTP", "http");
    checkThat("client", "an application that takes it takes no server and no sockets");
    checkThat("spring", "a starter is the client and nothing else", "client");
  }

  /// A module beside the gateway knows it, what lies below it, and these.
  private static void checkThat(String module, String because, String... more) {
    Stream<String> known = Stream.of(module, "gateway", "policy", "core", "tlog");
    check(
        noClasses()
            .that(resideInAPackage("org.openlockbox." + module + ".."))
            .should()
            .dependOnClassesThat(
                others(Stream.concat(known, Stream.of(more)).toArray(String[]::new)))
            .because(because));
  }

  @Test
  void theGatewaysCoreHasNoPostgres() {
    check(
        noClasses()
            .that(resideInAnyPackage("..openlockbox.gateway..", "..openlockbox.net.."))
            .should()
            .haveSimpleNameStartingWith("Pg")
            .orShould()
            .haveSimpleNameStartingWith("Postgres")
            .orShould()
            .haveSimpleNameStartingWith("Sql")
            .orShould()
            .dependOnClassesThat(
                resideInAnyPackage("org.postgresql..", "java.sql..", "javax.sql..")
                    .or(simpleNameStartingWith("Sql"))
                    .or(simpleNameStartingWith("Scram")))
            .because("a second protocol is a new module and nothing else"));
  }

  @Test
  void theServerDoesNotKnowThePortalAndThePortalKnowsNoOtherPart() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.portal.."))
            .should()
            .dependOnClassesThat(others("portal", "server", "policy", "core", "tlog"))
            .because("pages show what the server decides"));
  }

  /// Pages are templates, or methods that answer with one.
  @Test
  void theServerHasNoPages() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.server.."))
            .should()
            .beAnnotatedWith("org.springframework.stereotype.Controller")
            .because("it serves its API without the portal"));
  }

  /// The names below `org.openlockbox`, read from the classes, so that none is left out.
  static Set<String> roots() {
    return PRODUCT.stream()
        .map(type -> type.getPackageName())
        .filter(name -> name.startsWith(ROOT))
        .map(name -> name.substring(ROOT.length()).split("\\.", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("roots")
  void topPackagesFormNoCycle(String root) {
    check(slices().assignedFrom(new Rooms(root, Depth.TOP)).should().beFreeOfCycles());
  }

  @ParameterizedTest
  @MethodSource("roots")
  void packagesFormNoCycle(String root) {
    check(slices().assignedFrom(new Rooms(root, Depth.EVERY)).should().beFreeOfCycles());
  }

  @Test
  void coreDoesNoInputOrOutput() {
    check(
        noClasses()
            .that(resideInAnyPackage("..openlockbox.core..", "..openlockbox.tlog.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.sql..", "javax.sql..", "java.net..", "java.nio.file..")
                    .and(not(belongToAnyOf(URI.class, URISyntaxException.class))))
            .because("the pure half runs anywhere, the offline verifier included"));
  }

  /// The server's stores, the gateway's fence and the programs that set databases up: these
  /// packages and no other, and each of them does.
  @Test
  void sqlIsKnownToThesePackagesAlone() {
    assertThat(
            PRODUCT.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream().anyMatch(SQL))
                .map(ArchitectureTest::feature)
                .collect(Collectors.toSet()))
        .isEqualTo(KNOWING_SQL);
  }

  /// What answers calls or shows pages sees types. Its one table holds the answers to calls that
  /// may come twice.
  @Test
  void whoSpeaksHttpKnowsNoSql() {
    check(
        noClasses()
            .that(
                DescribedPredicate.<JavaClass>describe(
                        "serve HTTP",
                        type -> type.getDirectDependenciesFromSelf().stream().anyMatch(HTTP))
                    .and(not(belongToAnyNamed(ROOT + "server.api.Idempotency"))))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "java.sql..", "javax.sql..", "org.postgresql..", "org.springframework.jdbc.."))
            .because("the HTTP edge sees types"));
  }

  @Test
  void onlyTheDemoCarriesAPostgresqlAndAMailServer() {
    check(
        noClasses()
            .that(not(resideInAPackage("..openlockbox.demo..")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.subethamail..", "org.apache.commons.compress..", "io.zonky.."))
            .because("a host for real use has nothing of the demo (ADR 48)"));
    check(
        noClasses()
            .that(not(resideInAnyPackage("..openlockbox.demo..", "..openlockbox.bench..")))
            .should()
            .dependOnClassesThat(resideInAPackage("..openlockbox.demo.."))
            .because("`lockbox up` runs without it"));
  }

  /// Where a commit that PostgreSQL could not confirm is seen, and an insert that did not happen.
  @Test
  void onlyOnePackageOfTheServerMakesStatementsAndTransactions() {
    check(
        noClasses()
            .that(
                resideInAPackage("..openlockbox.server..")
                    .and(not(resideInAPackage("..openlockbox.server.database.."))))
            .should()
            .dependOnClassesThat(
                DescribedPredicate.describe(
                    "connect or commit", type -> COMMITTING.contains(type.getName())))
            .orShould()
            .callMethodWhere(
                DescribedPredicate.describe(
                    "makes a JdbcClient",
                    call ->
                        call.getName().equals("create")
                            && call.getTargetOwner().getSimpleName().equals("JdbcClient")))
            .because("a commit counts when PostgreSQL has confirmed it (ADR 36)"));
  }

  @Test
  void springStaysInTheServerThePortalAndTheStarter() {
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(
                        "..openlockbox.server..",
                        "..openlockbox.portal..",
                        "org.openlockbox.spring..")))
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework.."))
            .because("whoever reads the gateway must not need to know Spring"));
  }

  @Test
  void insideTheServerOnlyItsEdgeKnowsMoreOfSpringThanJdbc() {
    check(
        noClasses()
            .that(
                resideInAPackage("..openlockbox.server..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "org.openlockbox.server", "org.openlockbox.server.api.."))))
            .should()
            .dependOnClassesThat(
                resideInAPackage("org.springframework..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "org.springframework.dao..",
                                "org.springframework.jdbc..",
                                "org.springframework.transaction.."))))
            .because("what decides is plain Java, wired by hand in Wiring"));
  }

  @Test
  void theEdgeRendersAndTheStoresDoNotKnowIt() {
    check(
        noClasses()
            .that(
                resideInAPackage("..openlockbox.server.*..")
                    .and(not(resideInAPackage("..openlockbox.server.api.."))))
            .should()
            .dependOnClassesThat(resideInAPackage("..openlockbox.server.api.."))
            .because("a decision never depends on how it is shown"));
  }

  @Test
  void theWireProtocolDoesNotKnowWhoIsLetIn() {
    check(
        noClasses()
            .that(resideInAPackage("..openlockbox.postgres.wire.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("..openlockbox.gateway..", "..openlockbox.postgres..")
                    .and(not(resideInAPackage("..openlockbox.postgres.wire.."))))
            .because("messages can be read and fuzzed without the rest of the gateway"));
  }

  /// A rule about classes that do not exist fails: its package was renamed.
  static void check(ArchRule rule) {
    rule.check(PRODUCT);
  }

  private static Predicate<Dependency> to(String... packages) {
    return dependency ->
        Stream.of(packages).anyMatch(dependency.getTargetClass().getName()::startsWith);
  }

  private static DescribedPredicate<JavaClass> belongToAnyNamed(String name) {
    return DescribedPredicate.describe(
        "belong to " + name,
        type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
  }

  /// The module and the package below it: `server.access`, of whatever lies in it.
  private static String feature(JavaClass type) {
    var parts = type.getPackageName().substring(ROOT.length()).split("\\.", -1);
    return parts.length == 1 ? parts[0] : parts[0] + "." + parts[1];
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

  /// Which packages count as one: a top one with all that lies below it, or each by itself.
  private enum Depth {
    TOP,
    EVERY
  }

  /// The packages of a module. The module's root package is one of them.
  private record Rooms(String module, Depth depth) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String prefix = ROOT + module;
      String name = type.getPackageName() + ".";
      if (!name.startsWith(prefix + ".")) {
        return SliceIdentifier.ignore();
      }
      String below = name.substring(prefix.length() + 1);
      if (below.isEmpty()) {
        return SliceIdentifier.of("(root)");
      }
      return SliceIdentifier.of(
          switch (depth) {
            case TOP -> below.substring(0, below.indexOf('.'));
            case EVERY -> below;
          });
    }

    @Override
    public String getDescription() {
      return "packages of " + module;
    }
  }
}
