package org.openlockbox.server.notify.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.message.MailHtml;
import org.openlockbox.server.notify.message.MailMessage;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.message.RenderedMail;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deliveries that are due: one row for each mail and each call of a webhook, put here in the
/// transaction that made it true; whatever crashes afterwards, some server delivers it. At least
/// once: a crash between delivering and marking repeats it under the same id, which mail programs
/// fold and receivers of webhooks compare. Every attempt is a row that stays.
public final class Outbox {
  /// How long a claimed row is left to whoever claimed it.
  static final Duration CLAIM = Duration.ofSeconds(60);

  private static final int LONGEST_ANSWER = 500;

  private static final String CLAIM_DUE =
      """
      with claimed as (
        update outbox o
           set claimed_until = :until, attempts = attempts + 1
         where (o.tenant_id, o.id) in (
                 select tenant_id, id from outbox
                  where channel = :channel and sent_at is null and dead_at is null
                    and due_at <= :now and (claimed_until is null or claimed_until <= :now)
                    and (select count(*) from outbox busy
                          where busy.tenant_id = outbox.tenant_id and busy.channel = :channel
                            and busy.sent_at is null and busy.dead_at is null
                            and busy.claimed_until > :now) < :share
                  order by due_at, id
                  limit 1
                    for update skip locked)
        returning o.*),
      noted as (
        insert into delivery_attempt (tenant_id, delivery_id, n, at, outcome)
        select tenant_id, id, attempts, :now, 'begun' from claimed)
      select c.tenant_id, c.id, c.kind, c.message_id, c.thread_id, c.recipient, c.urgent, c.subject,
             c.text_part, c.html_part, c.attempts, c.created_at
        from claimed c
      """;

  private static final String PUT =
      """
      insert into outbox (tenant_id, channel, kind, request_id, message_id, thread_id, recipient,
                          urgent, subject, text_part, html_part, created_at, due_at)
      values (:tenant, :channel, :kind, :request, :message_id, :thread_id, :recipient, :urgent,
              :subject, :text_part, :html_part, :created_at, :due_at)
      on conflict (message_id) do nothing
      """;

  private final JdbcClient jdbc;
  private final InstantSource clock;
  private final String host;
  private final MailHtml html = new MailHtml();

  /// `host` ends every Message-ID.
  public Outbox(JdbcClient jdbc, InstantSource clock, String host) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.host = host.replaceAll(":.*", "");
  }

  /// The ways out.
  public enum DeliveryChannel {
    MAIL,
    WEBHOOK,
    PUSH;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Of whom it is, what it is about, and from when on it may go out. Without a tenant it is the
  /// provider's own.
  public record Label(
      Optional<TenantId> tenant,
      NoticeKind kind,
      Optional<RequestId> about,
      boolean urgent,
      Instant due) {
    String owner() {
      return tenant.map(TenantId::value).orElse("");
    }
  }

  /// Puts a mail here unless the same step was told to this address already.
  public void mail(Label label, String address, MailMessage letter, RenderedMail rendering) {
    var who = Bytes.ofUtf8(address).sha256().hex().substring(0, 8);
    var thread = label.tenant().map(tenant -> tenant + ".").orElse("") + letter.thread();
    put(
        label,
        DeliveryChannel.MAIL,
        "<%s.%s.%s@%s>".formatted(thread, letter.step(), who, host),
        "<%s.%s@%s>".formatted(thread, who, host),
        address,
        rendering.subject(),
        rendering.text(),
        html.of(rendering));
  }

  /// Puts a call of this webhook here unless it was told this event already.
  public void call(Label label, WebhookId webhook, CloudEvents.CloudEvent event) {
    var id = event.id() + "." + webhook;
    put(label, DeliveryChannel.WEBHOOK, id, "", webhook.value(), "", event.json(), "");
  }

  /// Puts a message to this browser here unless it was told this event already.
  public void push(Label label, SubscriptionId browser, CloudEvents.CloudEvent event) {
    var id = event.id() + "." + browser;
    put(label, DeliveryChannel.PUSH, id, "", browser.value(), "", event.json(), "");
  }

  private void put(
      Label label,
      DeliveryChannel channel,
      String messageId,
      String threadId,
      String recipient,
      String subject,
      String text,
      String html) {
    jdbc.sql(PUT)
        .param("tenant", label.owner())
        .param("channel", channel.word())
        .param("kind", label.kind().word())
        .param("request", label.about().map(RequestId::value).orElse(null))
        .param("message_id", messageId)
        .param("thread_id", threadId)
        .param("recipient", recipient)
        .param("urgent", label.urgent())
        .param("subject", subject)
        .param("text_part", text)
        .param("html_part", html)
        .param("created_at", clock.instant().atOffset(ZoneOffset.UTC))
        .param("due_at", label.due().atOffset(ZoneOffset.UTC))
        .update();
  }

  /// A row that this server is to deliver now.
  public record OutboxRow(
      String tenant,
      long id,
      NoticeKind kind,
      DeliveryHeader header,
      DeliveryContent content,
      int attempts) {
    private static OutboxRow read(ResultSet row) throws SQLException {
      return new OutboxRow(
          row.getString("tenant_id"),
          row.getLong("id"),
          NoticeKind.parse(row.getString("kind")),
          new DeliveryHeader(
              row.getString("message_id"),
              row.getString("thread_id"),
              row.getString("recipient"),
              row.getBoolean("urgent"),
              row.getObject("created_at", OffsetDateTime.class).toInstant()),
          new DeliveryContent(
              row.getString("subject"), row.getString("text_part"), row.getString("html_part")),
          row.getInt("attempts"));
    }
  }

  /// To whom it goes, under which ids, and since when it waits.
  public record DeliveryHeader(
      String messageId, String threadId, String recipient, boolean urgent, Instant created) {}

  /// What it says; a call of a webhook has a text alone.
  public record DeliveryContent(String subject, String text, String html) {}

  /// Claims the next row that nobody else is delivering; one at a time, so that a slow receiver
  /// outlasts no claim, and of no tenant that keeps `share` of them busy already. It comes back by
  /// itself if this server dies.
  public Optional<OutboxRow> claim(DeliveryChannel channel, int share) {
    var now = clock.instant();
    return jdbc.sql(CLAIM_DUE)
        .param("until", now.plus(CLAIM).atOffset(ZoneOffset.UTC))
        .param("now", now.atOffset(ZoneOffset.UTC))
        .param("channel", channel.word())
        .param("share", share)
        .query((row, n) -> OutboxRow.read(row))
        .optional();
  }

  /// Delivered, as the receiver said. A secret is forgotten with that.
  public void sent(OutboxRow due, String answer) {
    attempted(
            """
            update outbox set sent_at = :now, dead_at = null, claimed_until = null, last_error = null,
                   text_part = case when :secret then '' else text_part end,
                   html_part = case when :secret then '' else html_part end,
                   subject = case when :secret then '' else subject end
             where tenant_id = :tenant and id = :id
            """,
            due,
            "delivered",
            answer)
        .param("secret", due.kind().isSecret())
        .update();
  }

  /// Not delivered: goes out again after this time, or, without one, not before somebody says so.
  public void failed(OutboxRow due, String why, Optional<Duration> again) {
    var now = clock.instant();
    attempted(
            """
            update outbox set due_at = :due, dead_at = :dead, claimed_until = null, last_error = :why
             where tenant_id = :tenant and id = :id and sent_at is null
            """,
            due,
            "failed",
            why)
        .param("due", again.map(now::plus).orElse(now).atOffset(ZoneOffset.UTC))
        .param("dead", again.isPresent() ? null : now.atOffset(ZoneOffset.UTC))
        .param("why", storable(why))
        .update();
  }

  /// Gives up what waits for this webhook.
  public void giveUp(TenantId tenant, WebhookId webhook, String why) {
    giveUp(tenant, DeliveryChannel.WEBHOOK, webhook.value(), why);
  }

  /// Gives up what waits for this browser.
  public void giveUp(TenantId tenant, SubscriptionId browser, String why) {
    giveUp(tenant, DeliveryChannel.PUSH, browser.value(), why);
  }

  private void giveUp(TenantId tenant, DeliveryChannel channel, String recipient, String why) {
    jdbc.sql(
            """
            update outbox set dead_at = ?, last_error = ?, claimed_until = null
             where tenant_id = ? and channel = ? and recipient = ?
               and sent_at is null and dead_at is null
            """)
        .params(
            clock.instant().atOffset(ZoneOffset.UTC),
            why,
            tenant.value(),
            channel.word(),
            recipient)
        .update();
  }

  /// Words of a receiver, as the database takes them: it refuses a NUL, and with it the row, and
  /// the delivery would be made for ever.
  private static String storable(String words) {
    var shown = TextRules.shown(words.substring(0, Math.min(words.length(), LONGEST_ANSWER)));
    return shown.substring(0, Math.min(shown.length(), LONGEST_ANSWER));
  }

  /// This update, and in the same statement what became of the attempt.
  private JdbcClient.StatementSpec attempted(
      String update, OutboxRow due, String outcome, String answer) {
    String attempt =
        """
        with attempt as (
          update delivery_attempt set outcome = :outcome, answer = :answer, ended_at = :now
           where tenant_id = :tenant and delivery_id = :id and n = :n and outcome = 'begun')
        """;
    return jdbc.sql(attempt + update)
        .param("outcome", outcome)
        .param("answer", storable(answer))
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("tenant", due.tenant())
        .param("id", due.id())
        .param("n", due.attempts());
  }
}
