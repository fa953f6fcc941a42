package org.openlockbox.server.notify;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Mail that is due. A letter is put here in the transaction that made it true, one row a
/// recipient; whatever crashes afterwards, some server sends it. At least once: a crash between
/// sending and marking repeats it under the same Message-ID, which mail programs fold.
public final class Outbox {
  /// How long a claimed row is left to whoever claimed it.
  static final Duration CLAIM = Duration.ofSeconds(60);

  private static final String CLAIM_DUE =
      """
      update outbox o
         set claimed_until = :until, attempts = attempts + 1
       where (o.tenant_id, o.id) in (
               select tenant_id, id from outbox
                where sent_at is null and due_at <= :now
                  and (claimed_until is null or claimed_until <= :now)
                order by due_at, id
                limit 1
                  for update skip locked)
      returning o.tenant_id, o.id, o.message_id, o.thread_id, o.recipient, o.subject, o.text_part,
                o.html_part, o.attempts, (select name from tenant t where t.id = o.tenant_id) as name
      """;

  private final JdbcClient jdbc;
  private final InstantSource clock;
  private final String host;

  /// `host` ends every Message-ID.
  public Outbox(JdbcClient jdbc, InstantSource clock, String host) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.host = host.replaceAll(":.*", "");
  }

  /// Addresses the letter to everyone the tenant named. Call it inside the transaction of the step.
  public void put(TenantId tenant, Letter letter) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    for (var recipient : recipients(tenant)) {
      var who = Bytes.ofUtf8(recipient).sha256().hex().substring(0, 8);
      jdbc.sql(
              """
              insert into outbox (tenant_id, message_id, thread_id, recipient, subject, text_part,
                                  html_part, created_at, due_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?)
              on conflict (message_id) do nothing
              """)
          .params(
              tenant.value(),
              "<%s.%s.%s.%s@%s>".formatted(tenant, letter.thread(), letter.step(), who, host),
              "<%s.%s.%s@%s>".formatted(tenant, letter.thread(), who, host),
              recipient,
              letter.subject(),
              letter.text(),
              letter.html(),
              now,
              now)
          .update();
    }
  }

  private List<String> recipients(TenantId tenant) {
    return jdbc.sql("select address from notify_address where tenant_id = ? order by address")
        .params(tenant.value())
        .query((row, n) -> row.getString("address"))
        .list();
  }

  /// A row that this server is to send now.
  record Due(
      String tenant,
      long id,
      String messageId,
      String threadId,
      String recipient,
      String subject,
      String text,
      String html,
      int attempts,
      String tenantName) {}

  /// Claims the next row that nobody else is sending; one at a time, so that a slow mail server
  /// outlasts no claim. It comes back by itself if this server dies.
  Optional<Due> claim() {
    var now = clock.instant();
    return jdbc.sql(CLAIM_DUE)
        .param("until", now.plus(CLAIM).atOffset(ZoneOffset.UTC))
        .param("now", now.atOffset(ZoneOffset.UTC))
        .query(
            (row, n) ->
                new Due(
                    row.getString("tenant_id"),
                    row.getLong("id"),
                    row.getString("message_id"),
                    row.getString("thread_id"),
                    row.getString("recipient"),
                    row.getString("subject"),
                    row.getString("text_part"),
                    row.getString("html_part"),
                    row.getInt("attempts"),
                    row.getString("name")))
        .optional();
  }

  void sent(Due due) {
    jdbc.sql(
            """
            update outbox set sent_at = ?, claimed_until = null, last_error = null
             where tenant_id = ? and id = ?
            """)
        .params(clock.instant().atOffset(ZoneOffset.UTC), due.tenant(), due.id())
        .update();
  }

  /// Tries again later: 5 s, 10 s, 20 s, … at most an hour. Never gives up.
  void failed(Due due, String why) {
    var wait = Duration.ofSeconds(Math.min(3600, 5L << Math.min(10, due.attempts() - 1)));
    jdbc.sql(
            """
            update outbox set due_at = ?, claimed_until = null, last_error = ?
             where tenant_id = ? and id = ? and sent_at is null
            """)
        .params(clock.instant().plus(wait).atOffset(ZoneOffset.UTC), why, due.tenant(), due.id())
        .update();
  }
}
