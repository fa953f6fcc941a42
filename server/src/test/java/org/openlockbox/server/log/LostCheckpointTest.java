package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// A failover onto a primary that lost entries, while a server is about to publish their
/// checkpoint: its connection breaks, and it tries again on the new primary.
final class LostCheckpointTest {
  private static final String PUBLISHING =
      "from pg_stat_activity where wait_event_type = 'Lock' and query like '%log_checkpoint%'";

  @TempDir private Path directory;

  @Test
  void aCheckpointOfLostEntriesIsNotShownAndTheLogIsReadableAfterItsRecovery() throws Exception {
    try (var server = new TestServer()) {
      server.stopLast();
      server.startOver(directory);
      var acme = new TestTenant(server, "acme", 1);
      var gateway = TestGateway.leased(server);
      var session = gateway.open(acme, acme.approve(acme.ask("helpdesk")));
      long size = acme.verifiedLog().size();
      acme.checkpoint(size);
      var text = TestGateway.sql("select 1");
      var statement = gateway.entry(acme, TestGateway.statement(session, 0, text), text);
      try (var lock = DriverManager.getConnection(server.jdbcUrl);
          var locking = lock.createStatement()) {
        lock.setAutoCommit(false);
        locking.execute("select from log_checkpoint for update");
        TestGateway.indices(gateway.append(statement));
        Pause.until("it to publish", () -> !server.rows("select 1 " + PUBLISHING).isEmpty());
        server.execute(lost(size));
        server.execute("select pg_terminate_backend(pid) " + PUBLISHING);
        lock.rollback();
      }
      Pause.until(
          "the server to miss what it signed",
          () -> !server.rows("select 1 from log_recovery").isEmpty());
      assertThat(server.rows("select size from log_checkpoint")).containsExactly("" + size);
      assertThat(ask(server, acme).code()).isEqualTo("log_rolled_back");
      try (var maintenance = server.maintenance(directory)) {
        assertThat(maintenance.recover(acme.origin, "a failover").lostSize()).isEqualTo(size + 1);
      }
      assertThat(acme.verifiedLog()).hasSize((int) size + 1);
      Pause.until("the server to go on", () -> ask(server, acme).status() == 201);
      TestGateway.indices(gateway.append(statement));
    }
  }

  private static TestServer.Answer ask(TestServer server, TestTenant tenant) {
    return server.post("engineer", tenant.requests(), tenant.wish("helpdesk"));
  }

  /// What the new primary does not have.
  private static String lost(long size) {
    return """
    set session_replication_role = replica;
    delete from log_batch where first_seq >= %1$d;
    delete from log_mention where first_seq >= %1$d
    """
        .formatted(size);
  }
}
