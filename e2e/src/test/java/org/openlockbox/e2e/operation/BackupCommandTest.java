package org.openlockbox.e2e.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Typed;

/// `lockbox backup` and `lockbox restore`, typed on a host with a real PostgreSQL and its own
/// programs: what comes back is whole, what would lose or hide something is refused.
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupCommandTest {
  private static final String BACKUP = "lockbox backup --config etc/server.yaml --to ";
  private static final String RESTORE = "lockbox restore --config etc/server.yaml --from ";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EMPTY =
      "psql -q -d postgres -c 'drop database lockbox' -c 'create database lockbox owner lockbox'";
  private static final String TABLES =
      "psql -At -d lockbox -c 'select count(*) from pg_tables" + " where schemaname = $$public$$'";

  private final InitHost host = InitHost.make("backup");
  private Typed server = host.starts("server");
  private Typed gateway = host.starts("gateway");
  private String before = "";
  private String after = "";

  @BeforeAll
  void makeABackupBeforeAndAfterAnAccess() {
    host.foundsAcme();
    before = host.asksAndApproves();
    host.types(BACKUP + "older").ok();
    after = host.asksAndApproves();
    host.types("LOCKBOX_PROFILE=engineer lockbox psql %s -- -c 'select 1'".formatted(after)).ok();
    stops(gateway);
    host.types(BACKUP + "newer").ok();
  }

  @AfterAll
  void stop() {
    server.close();
    gateway.close();
    host.close();
  }

  @Test
  @Order(1)
  void noSecretOfTheHostIsInIt() throws IOException {
    var secrets =
        host.types(
                """
                cat etc/server/control.password etc/gateway/gw-1.token lib/lockbox-server/wrapping-key \
                    etc/server/log.key | grep -v -e '^-' | grep -o '[A-Za-z0-9+/=]\\{20,\\}'
                """)
            .lines();
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(4);
    try (var files = Files.walk(host.directory().resolve("newer"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secrets);
      }
    }
    assertThat(names("newer"))
        .containsExactlyInAnyOrder(
            "backup.json",
            "control.dump",
            "configuration/authority.pub",
            "configuration/ca.pem",
            "configuration/resources.yaml",
            "configuration/server.yaml");
    assertThat(host.types("find newer -perm /077").lines()).isEmpty();
  }

  private static void stops(Typed node) {
    node.signal("TERM");
    node.ends(PATIENCE);
  }

  private List<String> names(String backup) {
    return host.types("cd " + backup + "; find . -type f -printf '%P\\n'").lines();
  }

  @Test
  @Order(2)
  void aBackupIsNeverWrittenOverAnother() {
    host.types(BACKUP + "newer").ends(2).says("newer is there already");
  }

  @Test
  @Order(3)
  void aRestoreBesideARunningServerIsRefused() {
    host.types(RESTORE + "newer").ends(13).says("stop every server first");
  }

  @Test
  @Order(4)
  void aDatabaseThatHoldsSomethingIsNotTouched() {
    stops(server);
    host.types(RESTORE + "newer").ends(1).says("the database is not empty");
    assertThat(host.types(TABLES).ok().strip()).isNotEqualTo("0");
  }

  @Test
  @Order(5)
  void aBackupBehindWhatWasSignedIsRefusedBeforeAnythingIsRestored() {
    host.types(EMPTY).ok();
    host.types(RESTORE + "older")
        .ends(1)
        .says("localhost/t/acme has 3 entries in this backup", "were signed", "--lose-entries");
    assertThat(host.types(TABLES).ok().strip()).isEqualTo("0");
  }

  @Test
  @Order(6)
  void aFileThatChangedSinceIsRefused() {
    host.types("cp -r newer changed; printf x >>changed/control.dump").ok();
    host.types(RESTORE + "changed").ends(1).says("control.dump is not the file that was backed up");
    host.types(RESTORE + "nowhere").ends(1).says("no directory that lockbox backup made");
  }

  @Test
  @Order(7)
  void theNewestBackupComesBackWholeAndTheServerGoesOn() {
    assertThat(host.types(RESTORE + "newer").says("restored as of", "checked: 1 logs").ok())
        .isEqualTo("Start the servers.\n");
    server = host.starts("server");
    host.types(
            """
            LOCKBOX_PROFILE=anna lockbox evidence %s --out a.zip
            lockbox verify a.zip --pin "$(LOCKBOX_PROFILE=anna lockbox tenant show acme --pin)"
            """
                .formatted(after))
        .ok();
    host.asksAndApproves();
    stops(server);
  }

  @Test
  @Order(8)
  void whatWasChangedInTheDatabaseIsFoundWhenItComesBack() {
    host.types(
            """
            psql -q -d lockbox -c 'set session_replication_role = replica' -c "update log_batch set entries = overlay(entries placing '\\x41' from 60)
                where first_seq = 1"
            """
                + BACKUP
                + "false")
        .ok();
    host.types(EMPTY).ok();
    host.types(RESTORE + "false")
        .ends(1)
        .says("does not hold; start no server", "another history than the one shown before");
  }

  @Test
  @Order(9)
  void entriesThatAreLostForGoodArePutOnRecord() {
    host.types(EMPTY).ok();
    var restored = host.types(RESTORE + "older --lose-entries");
    assertThat(restored.ok())
        .contains("lockbox recover --config etc/server.yaml --log localhost/t/acme --reason");
    host.types(
            "lockbox recover --config etc/server.yaml --log localhost/t/acme --reason 'disk lost'")
        .ends(0)
        .says("were signed and lost");
    host.types(
            "lockbox recover --config etc/server.yaml --log localhost/epochs --reason 'disk lost'"
                + " || :")
        .ok();
    server = host.starts("server");
    host.types("LOCKBOX_PROFILE=anna lockbox request show %s".formatted(before)).ok();
    host.asksAndApproves();
    stops(server);
  }

  @Test
  @Order(10)
  void aHostThatRemembersNothingIsToldWhatToMakeSureOf() {
    host.types(BACKUP + "moved").ok();
    host.types(EMPTY).ok();
    host.types("mv lib/lockbox-server/heads elsewhere").ok();
    var restored = host.types(RESTORE + "moved").says("note, localhost/t/acme", "LOST ENTRIES");
    assertThat(restored.ok())
        .contains("remembers nothing", "lockbox remember --config etc/server.yaml");
    host.types("lockbox remember --config etc/server.yaml").ok();
    server = host.starts("server");
    host.asksAndApproves();
  }
}
