package org.openlockbox.server.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestServer;
import org.openlockbox.server.TestTenant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What a page of the operators' list costs.
final class TenantListTest {

  /// Thousands of tenants, of requests and of mails: of each table a page reads some rows, by an
  /// index.
  @Test
  void aPageReadsNoWholeTable() {
    try (var server = new TestServer()) {
      new TestTenant(server, "acme", 1).ask("helpdesk");
      server.execute(
          """
          insert into waiting_tenant (id, name, created_at)
          select 'waits-' || n, 'Waiting ' || n, now() from generate_series(1, 5000) n
          """);
      server.execute(
          """
          insert into outbox (tenant_id, channel, kind, message_id, thread_id, recipient, urgent,
                              subject, text_part, html_part, created_at, due_at, sent_at)
          select 'acme', 'mail', 'request', 'm-' || n, 't', 'a@acme.example', false, '', '', '',
                 now(), now(), now()
            from generate_series(1, 5000) n
          """);
      server.execute("analyze");
      var one = new SingleConnectionDataSource(server.jdbcUrl, true);
      one.setAutoCommit(false);
      try {
        assertThat(page(JdbcClient.create(one))).isEqualTo(26);
        assertThat(rowsRead(JdbcClient.create(one))).isLessThan(300);
      } finally {
        one.destroy();
      }
    }
  }

  private static int page(JdbcClient jdbc) {
    return jdbc.sql(TenantList.LINES)
        .param("id", null)
        .param("founded", null)
        .param("text", "")
        .param("afterName", "")
        .param("afterId", "")
        .param("most", 26)
        .param("now", TestServer.START.atOffset(ZoneOffset.UTC))
        .param("lately", TestServer.START.atOffset(ZoneOffset.UTC))
        .param("since", TestServer.START.atOffset(ZoneOffset.UTC))
        .param("newest", 200)
        .query((row, n) -> row.getString("id"))
        .list()
        .size();
  }

  /// In the transaction of this connection.
  private static long rowsRead(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint
              from pg_stat_xact_user_tables
             where relname in ('tenant', 'waiting_tenant', 'access_request', 'outbox')
            """)
        .query(Long.class)
        .single();
  }
}
