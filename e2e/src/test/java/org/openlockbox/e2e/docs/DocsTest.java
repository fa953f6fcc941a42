package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Distribution;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.node.process.Ports;
import org.postgresql.Driver;

/// What the documentation tells people to type does what it says, and its links lead somewhere.
///
/// Each page is typed by one test: these here beside a demo, [InstallTest] the ones that begin on
/// an empty host, [ClientPageTest] the one of applications.
@ExtendWith(SharedDemo.class)
class DocsTest {
  /// Beside a demo, or on an empty host.
  private static final List<String> TYPED =
      List.of(
          "README.md",
          "docs/api.md",
          "docs/authzen.md",
          "docs/cli.md",
          "docs/client.md",
          "docs/fence.md",
          "docs/http-gateway.md",
          "docs/install.md",
          "docs/tools.md",
          "docs/tools/asyncpg.md",
          "docs/tools/datagrip.md",
          "docs/tools/dbeaver.md",
          "docs/tools/django.md",
          "docs/tools/node-postgres.md",
          "docs/tools/odbc.md",
          "docs/tools/pg_dump.md",
          "docs/tools/pgbench.md",
          "docs/tools/pgcli.md",
          "docs/tools/pgjdbc.md",
          "docs/tools/postgres-js.md",
          "docs/tools/proxy.md",
          "docs/tools/psql.md",
          "docs/tools/psycopg.md",
          "docs/tools/psycopg2.md",
          "docs/tools/sqlalchemy.md");

  private static final List<String> NOT_RUN =
      List.of(
          "README.md: not run: the tests start the demo themselves: git clone",
          "README.md: not run: PasskeyTest types it, as the page shows it:"
              + " LOCKBOX_PROFILE=acme-approver ./lockbox",
          "CONTRIBUTING.md: not run: these run the tests: ./lockbox test",
          "CONTRIBUTING.md: not run: these run the tests: mvn -o",
          "docs/backup.md: not run: BackupCommandTest types it on a host of its own: lockbox backup",
          "docs/backup.md: not run: BackupCommandTest types it on a host of its own: systemctl stop",
          "docs/kubernetes.md: not run: needs a registry; ImagesTest makes and starts the images:"
              + " mkdir server",
          "docs/kubernetes.md: not run: needs a cluster: echo \"lockbox-wrapping-key-v1",
          "docs/kubernetes.md: not run: needs a cluster; ChartTest lints and renders it: helm upgrade",
          "docs/kubernetes.md: not run: needs images in a registry: lockbox init",
          "docs/upgrade.md: not run: PackagesTest installs newer packages over older ones: lockbox"
              + " backup",
          "docs/cli.md: not run: needs an issuer; KeycloakTest and LoginCommandTest do this: lockbox"
              + " login",
          "docs/cli.md: not run: the demo's resource asks for no review: LOCKBOX_PROFILE=reviewer"
              + " lockbox",
          "docs/cli.md: not run: a proposal is made in the portal: lockbox key",
          "docs/cli.md: not run: needs a security key: ssh-keygen -t",
          "docs/cli.md: not run: the authority of a demo that others use stays;"
              + " GatewayComesAndGoesTest types these: lockbox key",
          "docs/cli.md: not run: needs fish: lockbox completion",
          "docs/fence.md: not run: CopySearchTest types no password: lockbox resource",
          "docs/install.md: not run: PackagesTest types these on a host of its own: apt install",
          "docs/install.md: not run: PackagesTest types these too: lockbox key",
          "docs/install.md: not run: PackagesTest types these last: LOCKBOX_PROFILE=anna lockbox",
          "docs/install.md: not run: InitApartTest types it on two hosts of its own: lockbox init",
          "docs/install.md: not run: InitApartTest types it on two hosts of its own: lockbox init",
          "docs/install.md: not run: AcmeTest types it at an authority of its own: apt install",
          "docs/install.md: not run: takes minutes; PackagesTest builds the packages twice and"
              + " compares them: LOCKBOX_RELEASE_KEY=release.key ./lockbox",
          "docs/install.md: not run: needs root on an empty Debian host: apt install",
          "docs/install.md: not run: needs root and systemd; ServiceTest starts these units under a"
              + " systemd of its own: cp /opt/openlockbox/build/systemd/lockbox*.service",
          "docs/install.md: not run: pg_dump refuses a newer server; BackupTest types it on one of"
              + " its version: pg_dump --format=custom",
          "docs/install.md: not run: pg_restore needs what pg_dump made; BackupTest types it: psql"
              + " \"$CONTROL\"",
          "docs/fence.md: not run: TenantValuesTest types it for the demo's tables: psql"
              + " \"$PROTECTED",
          "docs/operation.md: not run: ReloadTest types it beside a node of its own: lockbox reload",
          "docs/operation.md: not run: ReloadTest types it beside a node of its own: lockbox drain",
          "docs/performance.md: not run: needs a quiet machine and minutes: ./lockbox demo",
          "docs/high-availability.md: not run: RollingRestartTest does the same with its own processes:"
              + " systemctl restart",
          "docs/high-availability.md: not run: RollingRestartTest types it with other paths:"
              + " lockbox drain",
          "docs/results/2026-11-30-before-the-mends.md: not run: it builds a commit of 2026-11-29:"
              + " git worktree");

  @Test
  @Tag("guard")
  void everyLinkToAFileOfTheCloneLeadsToOne() {
    List<String> broken = new ArrayList<>();
    for (Page page : Page.all()) {
      for (var target : page.linked()) {
        if (!Files.exists(target)) {
          broken.add(page.name() + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  @Tag("guard")
  void everyFenceIsABlockThatIsTypedOrOneOfTheFewThatCannotBe() {
    var notRun = new ArrayList<String>();
    var typed = new ArrayList<String>();
    for (Page page : Page.all()) {
      var blocks = page.blocks();
      long shown = blocks.stream().filter(block -> !block.shown().isEmpty()).count();
      assertThat(page.fences()).as(page.name()).isEqualTo(2 * (blocks.size() + shown));
      for (Block block : blocks.stream().filter(Block::isTyped).toList()) {
        if (block.isNotRun()) {
          notRun.add(page.name() + ": " + block.note() + ": " + firstLine(block));
        } else if (!typed.contains(page.name())) {
          typed.add(page.name());
        }
      }
    }
    assertThat(typed).as("pages that a test types").containsExactlyInAnyOrderElementsOf(TYPED);
    assertThat(notRun).containsExactlyInAnyOrderElementsOf(NOT_RUN);
  }

  private static String firstLine(Block block) {
    String[] words = block.text().split("\\s+", 3);
    return words[0] + " " + words[1];
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(
      strings = {
        "README.md",
        "docs/cli.md",
        "docs/api.md",
        "docs/authzen.md",
        "docs/http-gateway.md"
      })
  void aReaderTypesThePageBesideARunningDemo(String name, Demo demo) throws IOException {
    likeTheClone(demo);
    try (var typist = new Typist(demo.terminal("engineer"), notes(demo), Map.of())) {
      assertThat(typist.types(Page.of(name))).isPositive();
    }
  }

  /// With a request that is approved already. Each page needs its tool.
  @ParameterizedTest(name = "{0}")
  @Tag("slow")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "../tools      | true                                       | nothing",
        "asyncpg       | /usr/bin/python3 -c 'import asyncpg'       | python3-asyncpg",
        "datagrip      | true                                       | nothing",
        "dbeaver       | true                                       | nothing",
        "django        | /usr/bin/python3 -c 'import django'        | python3-django",
        "node-postgres | test -d \"$NODE_PATH/pg\"                  | pg (npm)",
        "odbc          | odbcinst -q -d -n 'PostgreSQL Unicode'     | odbc-postgresql",
        "pg_dump       | command -v pg_dump                         | postgresql-client-17",
        "pgbench       | command -v pgbench                         | postgresql-17",
        "pgcli         | command -v pgcli                           | pgcli",
        "pgjdbc        | true                                       | nothing",
        "postgres-js   | test -d \"$NODE_PATH/postgres\"            | postgres (npm)",
        "proxy         | true                                       | nothing",
        "psql          | true                                       | nothing",
        "psycopg       | /usr/bin/python3 -c 'import psycopg'       | python3-psycopg",
        "psycopg2      | /usr/bin/python3 -c 'import psycopg2'      | python3-psycopg2",
        "sqlalchemy    | /usr/bin/python3 -c 'import sqlalchemy'    | python3-sqlalchemy",
      })
  void aReaderTypesThePageOfATool(String tool, String probe, String packages, Demo demo)
      throws Exception {
    String modules = Distribution.home().resolve("e2e/target/npm/node_modules").toString();
    var terminal = demo.terminal("engineer");
    terminal.needs(probe.replace("$NODE_PATH", modules), packages);
    var driver = Driver.class.getProtectionDomain().getCodeSource().getLocation();
    link(demo.desk().resolve("postgresql.jar"), Path.of(driver.toURI()));
    String port = Integer.toString(Ports.free());
    var elsewhere =
        Map.of(
            "python3",
            "/usr/bin/python3",
            "node ",
            "NODE_PATH=" + modules + " node ",
            "15432",
            port);
    String id = demo.askAndApprove("acme", "masked", "--for 30m");
    try (var typist = new Typist(terminal, notes(demo), elsewhere).about(id)) {
      assertThat(typist.types(Page.of("docs/tools/%s.md".formatted(tool)))).isPositive();
    }
  }

  private static Path notes(Demo demo) {
    return demo.state().resolve("notes");
  }

  /// `./lockbox` and `.lockbox` are where a reader who stands in the clone has them.
  private static void likeTheClone(Demo demo) throws IOException {
    link(demo.desk().resolve("lockbox"), Distribution.home().resolve("lockbox"));
    link(demo.desk().resolve(".lockbox"), demo.state());
    link(demo.state().resolve("dist"), Distribution.get().directory());
  }

  private static void link(Path link, Path target) throws IOException {
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, target);
    }
  }
}
