package org.openlockbox.server.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestServer;
import org.postgresql.Driver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/// What is old enough goes, however much it is; what is young, waits or is needed stays.
final class RowPrunerTest {
  private static final TestServer SERVER = new TestServer();
  private static final JdbcClient JDBC =
      JdbcClient.create(
          new SimpleDriverDataSource(new Driver(), SERVER.jdbcUrl, "postgres", "postgres"));
  private static final PruneAges AGES =
      new PruneAges(Duration.ofDays(90), Duration.ofDays(30), Duration.ofDays(400));

  private final RowPruner pruner = new RowPruner(JDBC, AGES, SERVER.clock::get);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @BeforeEach
  void empty() {
    JDBC.sql("delete from outbox").update();
    JDBC.sql("delete from gateway_boot").update();
  }

  private static void deliveries(int count, String prefix, String sent, String dead) {
    JDBC.sql(
            """
            insert into outbox (tenant_id, channel, kind, message_id, thread_id, recipient, urgent,
                                subject, text_part, html_part, created_at, due_at, sent_at, dead_at)
            select '', 'mail', 'x', :prefix || n, '', 'a@example.com', false, '', '', '', :now::timestamptz, :now::timestamptz,
                   :now::timestamptz - :sent::interval, :now::timestamptz - :dead::interval
              from generate_series(1, :count) n
            """)
        .param("prefix", prefix)
        .param("now", SERVER.clock.get().toString())
        .param("sent", sent.isEmpty() ? null : sent)
        .param("dead", dead.isEmpty() ? null : dead)
        .param("count", count)
        .update();
  }

  private static long count(String table) {
    return JDBC.sql("select count(*) from " + table).query(Long.class).single();
  }

  @Test
  void endedDeliveriesGoWithTheirAttemptsAndOthersStay() {
    deliveries(2 * RowPruner.AT_ONCE + 7, "old-sent", "91 days", "");
    deliveries(3, "old-dead", "", "91 days");
    deliveries(5, "young", "89 days", "");
    deliveries(2, "waiting", "", "");
    JDBC.sql(
            """
            insert into delivery_attempt (tenant_id, delivery_id, n, at, outcome)
            select tenant_id, id, 1, created_at, 'begun' from outbox
            """)
        .update();
    pruner.round();
    assertThat(count("outbox")).isEqualTo(7);
    assertThat(count("delivery_attempt")).isEqualTo(7);
  }

  private static void boot(String boot, String key, String gone) {
    JDBC.sql(
            """
            insert into gateway_boot (gateway, boot, seen_at, renewed_at, gone_at, key_id, certified_until)
            values ('gw-1', :boot, :now::timestamptz, :now::timestamptz - :gone::interval,
                    :now::timestamptz - nullif(:gone, '0 days')::interval, :key, :now::timestamptz)
            """)
        .param("boot", boot)
        .param("now", SERVER.clock.get().toString())
        .param("gone", gone)
        .param("key", key)
        .update();
  }

  @Test
  void oldBootsGoButTheNewestOfEachKey() {
    boot("0000000000000001", "first", "900 days");
    boot("0000000000000002", "first", "800 days");
    boot("0000000000000003", "second", "700 days");
    boot("0000000000000004", "second", "300 days");
    boot("0000000000000005", "second", "0 days");
    pruner.round();
    assertThat(JDBC.sql("select boot from gateway_boot order by boot").query(String.class).list())
        .containsExactly("0000000000000002", "0000000000000004", "0000000000000005");
  }

  @Test
  void nothingGoesWithinADay() {
    assertThatThrownBy(
            () -> new PruneAges(Duration.ofHours(23), Duration.ofDays(1), Duration.ofDays(1)))
        .hasMessage("rows are kept for a day at least, not for PT23H");
  }
}
