package org.openlockbox.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.Pause;
import org.openlockbox.server.TestGateway;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;

/// What is published of a log only grows, whoever publishes and however late.
class CheckpointOrderTest {
  private static final String SIZES =
      "select c.size, h.size from log_checkpoint c join log_head h using (tenant_id)";
  private static final String PUBLISHING =
      """
      select count(*) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'
         and query like '%into log_checkpoint%'
      """;

  /// A publisher that waits for the row still sees the log as it was when its statement began.
  @Test
  void whoWaitsBehindALargerCheckpointDoesNotReplaceIt() throws Exception {
    try (var server = new TestServer();
        Connection other = DriverManager.getConnection(server.jdbcUrl)) {
      var acme = new TestTenant(server, "acme", 1);
      var gateway = TestGateway.leased(server);
      var session = gateway.open(acme, acme.approved());
      other.setAutoCommit(false);
      execute(other, "select size from log_checkpoint where tenant_id = 'acme' for update");
      var text = TestGateway.sql("select 1");
      TestGateway.indices(
          gateway.append(gateway.entry(acme, TestGateway.statement(session, 0, text), text)));
      Pause.until("a publisher", () -> server.rows(PUBLISHING).equals(List.of("1")));
      execute(
          other,
          """
          insert into log_batch (tenant_id, first_seq, count, entries, hashes, root, range, keyring_seq, key_no)
          select tenant_id, size, 5, decode(repeat('00', 20), 'hex'), decode(repeat('00', 160), 'hex'),
                 decode(repeat('00', 32), 'hex'), range, keyring_seq, key_no
            from log_head where tenant_id = 'acme'
          """);
      execute(
          other,
          "update log_checkpoint c set size = h.size from log_head h"
              + " where h.tenant_id = c.tenant_id and c.tenant_id = 'acme'");
      other.commit();
      Pause.until("its end", () -> server.rows(PUBLISHING).equals(List.of("0")));
      assertThat(server.rows(SIZES)).allSatisfy(sizes -> assertThat(sizes).matches("(\\d+)\\|\\1"));
    }
  }

  private static void execute(Connection connection, String sql) throws Exception {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
