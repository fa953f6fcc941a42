package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestServer.Answer;
import org.openlockbox.server.TestTenant;

/// Two servers over one database that lost entries for good. Each remembers another head; one
/// `lockbox recover` lets both go on.
final class RecoveryOfServersTest {
  private static final String MISSING = "select note from log_recovery where kind like '%missing%'";

  @TempDir private Path one;
  @TempDir private Path two;

  private final TestServer server = new TestServer();
  private final TestTenant acme = new TestTenant(server, "acme", 1);

  private void start() {
    server.startOver(one);
    server.startOver(two);
  }

  private void stop() {
    server.stopLast();
    server.stopLast();
  }

  private Answer ask(int at) {
    return server.call(
        at,
        "engineer",
        "POST",
        acme.requests(),
        CanonicalJson.text(acme.wish("helpdesk")),
        Map.of());
  }

  private void bothRemember() {
    for (var directory : Set.of(one, two)) {
      try (var maintenance = server.maintenance(directory)) {
        maintenance.remember();
      }
    }
  }

  private void restored(String dump) {
    stop();
    server.restore(dump);
    start();
    assertThat(ask(0).code()).isEqualTo("log_rolled_back");
    assertThat(ask(1).code()).isEqualTo("log_rolled_back");
  }

  private void bothGoOn() {
    Pause.until("the first server to go on", () -> ask(0).status() == 201);
    Pause.until("the second server to go on", () -> ask(1).status() == 201);
  }

  @Test
  void oneCommandIsEnoughForBothAndGivesUpNothingElse() {
    try (server) {
      server.stopLast();
      bothRemember();
      server.dump("before_both");
      start();
      assertThat(ask(0).status()).isEqualTo(201);
      assertThat(ask(1).status()).isEqualTo(201);
      long signed = acme.verifiedLog().size();

      restored("before_both");
      Pause.until("both to say what they miss", () -> server.rows(MISSING).size() == 2);
      try (var maintenance = server.maintenance(one)) {
        assertThat(maintenance.recover(acme.origin, "the disk was lost").lostSize())
            .isEqualTo(signed);
        assertThatThrownBy(() -> maintenance.recover(acme.origin, "again"))
            .hasMessageContaining("nothing that was signed is missing");
      }
      bothGoOn();
      assertThat(acme.verifiedLog().stream().filter(it -> it.type() == EntryType.RECOVERY))
          .singleElement()
          .extracting(entry -> ((RecoveryEvent) entry.body()).lostSize())
          .isEqualTo(signed);
      theSameRecoveryDoesNotExcuseAnotherLoss();
    }
  }

  /// Whoever can set the database back keeps the recovery and tries it again.
  private void theSameRecoveryDoesNotExcuseAnotherLoss() {
    stop();
    server.dump("after_recovery");
    start();
    assertThat(ask(0).status()).isEqualTo(201);
    assertThat(ask(1).status()).isEqualTo(201);
    acme.verifiedLog();
    var known = server.rows(MISSING);
    restored("after_recovery");
    Pause.until("both to say what they miss", () -> server.rows(MISSING).size() == 4);
    server.execute("delete from log_recovery where kind like '%missing%'");
    known.forEach(
        note ->
            server.execute(
                "insert into log_recovery values ('log.example/t/acme', 'lockbox/recovery/v1', '%s')"
                    .formatted(note)));
    var globex = new TestTenant(server, "globex", 1);
    globex.checkpoint(globex.verifiedLog().size());
    assertThat(ask(0).code()).isEqualTo("log_rolled_back");
    assertThat(ask(1).code()).isEqualTo("log_rolled_back");
  }
}
