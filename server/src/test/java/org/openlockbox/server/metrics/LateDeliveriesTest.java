package org.openlockbox.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.server.TestServer;
import org.postgresql.Driver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/// For how long deliveries are late, by channel. Times are minutes ago.
final class LateDeliveriesTest {
  private static final TestServer SERVER = new TestServer();
  private static final JdbcClient JDBC =
      JdbcClient.create(
          new SimpleDriverDataSource(new Driver(), SERVER.jdbcUrl, "postgres", "postgres"));

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @BeforeEach
  void empty() {
    JDBC.sql("delete from outbox").update();
  }

  /// @param due when it may go out, in minutes from now
  /// @param tried when it was tried first, in minutes ago
  private static void waits(String channel, int due, Optional<Integer> tried) {
    put(channel, due, tried, Optional.empty());
  }

  private static void sent(String channel, int ago) {
    put(channel, -ago, Optional.of(ago), Optional.of(ago));
  }

  private static void put(
      String channel, int due, Optional<Integer> tried, Optional<Integer> sent) {
    JDBC.sql(
            """
            with put as (
              insert into outbox (tenant_id, channel, kind, message_id, thread_id, recipient, urgent, subject,
                                  text_part, html_part, created_at, attempts, due_at, sent_at)
              select '', :channel, 'x', gen_random_uuid(), '', 'a@example.com', false, '', '', '',
                     now - interval '1 day', case when :tried::int is null then 0 else 5 end,
                     now + make_interval(mins => :due), now - make_interval(mins => :sent)
                from (select :now::timestamptz as now) clock
              returning tenant_id, id)
            insert into delivery_attempt (tenant_id, delivery_id, n, at, outcome)
            select tenant_id, id, n, :now::timestamptz - make_interval(mins => :tried) + make_interval(secs => n - 1), 'begun'
              from put, generate_series(1, 5) n where :tried::int is not null
            """)
        .param("channel", channel)
        .param("now", SERVER.clock.get().toString())
        .param("due", due)
        .param("tried", tried.orElse(null))
        .param("sent", sent.orElse(null))
        .update();
  }

  /// Minutes.
  private static double late(String channel) {
    var meters = new ServerMeters();
    var reader = new SimpleMeterRegistry();
    meters.readBy(reader);
    new DatabaseFigures(JDBC, meters, SERVER.clock::get).round();
    return Optional.ofNullable(
                reader.find("lockbox.deliveries.overdue.seconds").tag("channel", channel).gauge())
            .map(gauge -> gauge.value())
            .orElse(0.0)
        / 60;
  }

  @Test
  void mailThatNobodyTakesIsLateSinceItWasTriedFirst() {
    waits("mail", 30, Optional.of(20));
    waits("webhook", 30, Optional.of(7));
    assertThat(late("mail")).isEqualTo(20);
    assertThat(late("webhook")).isEqualTo(7);
  }

  @Test
  void oneAddressThatTakesNoneIsNotLateWhileOthersTakeTheirs() {
    waits("mail", 30, Optional.of(20));
    sent("mail", 3);
    sent("mail", 50);
    sent("webhook", 1);
    assertThat(late("mail")).isEqualTo(3);
  }

  @Test
  void mailThatNobodySendsIsLateSinceItWasDue() {
    waits("mail", -15, Optional.empty());
    sent("mail", 3);
    assertThat(late("mail")).isEqualTo(15);
  }

  @Test
  void mailThatIsNotDueYetIsNotLate() {
    waits("mail", 30, Optional.empty());
    sent("mail", 50);
    assertThat(late("mail")).isZero();
  }
}
