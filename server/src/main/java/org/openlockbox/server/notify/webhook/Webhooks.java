package org.openlockbox.server.notify.webhook;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.notify.contact.Contact;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.Topic;
import org.openlockbox.server.notify.outbox.CloudEvents;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.WebhookId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.seal.KeyWrapping;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The webhooks of the tenants. Their secrets lie wrapped by the key that also wraps the tenants'
/// data keys, outside the database.
public final class Webhooks {
  /// How long a secret is good beside the one that took its place.
  static final Duration BOTH_GOOD = Duration.ofHours(24);

  private static final Duration LATELY = Duration.ofMinutes(5);

  private static final int MOST = 20;

  private static final String COLUMNS = "id, url, topics, state, created_by, created_at";

  private final JdbcClient jdbc;
  private final Outbox outbox;
  private final KeyWrapping wrapping;
  private final Destinations destinations;
  private final CloudEvents events;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Webhooks(
      JdbcClient jdbc,
      Outbox outbox,
      KeyWrapping wrapping,
      Set<String> privateHosts,
      String host,
      InstantSource clock,
      RandomGenerator random) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.wrapping = wrapping;
    this.destinations = new Destinations(privateHosts);
    this.events = new CloudEvents(host);
    this.clock = clock;
    this.random = random;
  }

  /// A webhook with the secret that its receiver needs, which is shown this once.
  public record NewWebhook(Webhook webhook, String secret) {
    @Override
    public String toString() {
      return "Issued[%s]".formatted(webhook);
    }
  }

  public Destinations destinations() {
    return destinations;
  }

  /// Those that are not removed.
  public List<Webhook> of(TenantId tenant) {
    return jdbc.sql(
            "select %s from webhook where tenant_id = ? and state <> 'removed' order by id"
                .formatted(COLUMNS))
        .params(tenant.value())
        .query((row, n) -> read(row))
        .list();
  }

  public Webhook find(TenantId tenant, WebhookId id) {
    return of(tenant).stream()
        .filter(webhook -> webhook.id().equals(id))
        .findFirst()
        .orElseThrow(Problem::notFound);
  }

  private static Webhook read(ResultSet row) throws SQLException {
    return new Webhook(
        new WebhookId(row.getString("id")),
        URI.create(row.getString("url")),
        Contact.topics(List.of((String[]) row.getArray("topics").getArray())),
        row.getString("state").equals("on"),
        new SubjectId(row.getString("created_by")),
        row.getObject("created_at", OffsetDateTime.class)
            .toInstant()
            .truncatedTo(ChronoUnit.MILLIS));
  }

  /// The URL of a webhook, if it may be one.
  public URI url(String text) {
    return destinations.url(text);
  }

  public NewWebhook add(TenantId tenant, URI url, Set<Topic> topics, SubjectId by) {
    if (of(tenant).size() >= MOST) {
      throw Problem.refused("webhooks", "a tenant has at most %d webhooks".formatted(MOST));
    }
    var id = WebhookId.random(random);
    var secret = WebhookSecret.random(random);
    jdbc.sql(
            """
            insert into webhook (tenant_id, id, url, topics, state, wrapped_by, secret, created_by,
                                 created_at)
            values (?, ?, ?, ?, 'on', ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(id.value())
        .param(url.toString())
        .param(topics.stream().map(Topic::word).sorted().toArray(String[]::new))
        .param(wrapping.current())
        .param(wrapping.wrap(secret.bytes(), context(tenant, id)).toArray())
        .param(by.value())
        .param(clock.instant().atOffset(ZoneOffset.UTC))
        .update();
    return new NewWebhook(find(tenant, id), secret.handedOut());
  }

  /// Gives it a new secret; the old one stays good beside it for a day. A page that is sent twice
  /// gives no second one, which would end the secret that is in use.
  public NewWebhook rotate(TenantId tenant, WebhookId id) {
    var webhook = find(tenant, id);
    var secret = WebhookSecret.random(random);
    var bothGoodUntil = clock.instant().plus(BOTH_GOOD);
    int rotated =
        jdbc.sql(
                """
            update webhook
               set old_secret = secret, old_wrapped_by = wrapped_by, old_until = :until,
                   secret = :secret, wrapped_by = :by
             where tenant_id = :tenant and id = :id
               and (old_until is null or old_until <= :lately)
            """)
            .param("until", bothGoodUntil.atOffset(ZoneOffset.UTC))
            .param("lately", bothGoodUntil.minus(LATELY).atOffset(ZoneOffset.UTC))
            .param("secret", wrapping.wrap(secret.bytes(), context(tenant, id)).toArray())
            .param("by", wrapping.current())
            .param("tenant", tenant.value())
            .param("id", id.value())
            .update();
    if (rotated == 0) {
      throw Problem.conflict(
          "just_rotated", "it was given a new secret within the last minutes; use that one");
    }
    return new NewWebhook(webhook, secret.handedOut());
  }

  /// Switches it on or off.
  public Webhook turn(TenantId tenant, WebhookId id, boolean on) {
    find(tenant, id);
    state(tenant, id, on ? "on" : "off");
    return find(tenant, id);
  }

  public void remove(TenantId tenant, WebhookId id) {
    find(tenant, id);
    state(tenant, id, "removed");
  }

  private void state(TenantId tenant, WebhookId id, String state) {
    jdbc.sql("update webhook set state = ? where tenant_id = ? and id = ?")
        .params(state, tenant.value(), id.value())
        .update();
    if (!state.equals("on")) {
      outbox.giveUp(tenant, id, "the webhook is " + state);
    }
  }

  private static Bytes context(TenantId tenant, WebhookId id) {
    return Bytes.ofUtf8("lockbox webhook secret v1\n%s\n%s".formatted(tenant, id));
  }

  /// Where a call goes and the secrets that sign it now, the newest first; empty if it is off.
  public Optional<Target> target(TenantId tenant, WebhookId id) {
    return jdbc.sql(
            """
            select url, wrapped_by, secret, old_wrapped_by, old_secret, old_until > ? as old_good
              from webhook where tenant_id = ? and id = ? and state = 'on'
            """)
        .params(clock.instant().atOffset(ZoneOffset.UTC), tenant.value(), id.value())
        .query((row, n) -> target(row, context(tenant, id)))
        .optional();
  }

  /// A webhook as it is called.
  public record Target(URI url, List<WebhookSecret> secrets) {
    public Target {
      secrets = List.copyOf(secrets);
    }
  }

  private Target target(ResultSet row, Bytes context) throws SQLException {
    var secrets = new ArrayList<WebhookSecret>();
    secrets.add(unwrapped(row.getString("wrapped_by"), row.getBytes("secret"), context));
    if (row.getBoolean("old_good")) {
      secrets.add(unwrapped(row.getString("old_wrapped_by"), row.getBytes("old_secret"), context));
    }
    return new Target(URI.create(row.getString("url")), secrets);
  }

  private WebhookSecret unwrapped(String by, byte[] wrapped, Bytes context) {
    return WebhookSecret.of(wrapping.unwrap(by, Bytes.of(wrapped), context));
  }

  /// Puts a call of each webhook that wants to hear of this into the outbox.
  public void tell(TenantId tenant, Notice notice) {
    for (var webhook : of(tenant)) {
      if (webhook.on() && webhook.topics().contains(notice.kind().topic())) {
        call(tenant, webhook.id(), notice);
      }
    }
  }

  /// Puts a call of this one webhook into the outbox.
  public void call(TenantId tenant, WebhookId id, Notice notice) {
    var event = events.of(tenant, notice, clock.instant());
    outbox.call(
        new Outbox.Label(
            Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), clock.instant()),
        id,
        event);
  }

  private record WrappedSecret(TenantId tenant, WebhookId id, String by, Bytes secret) {}

  /// Wraps by the current key what another one has wrapped. Old secrets are good for a day and need
  /// no new wrapping: keys that have wrapped stay in the file.
  public int adopt() {
    var stale =
        jdbc.sql("select tenant_id, id, wrapped_by, secret from webhook where wrapped_by <> ?")
            .params(wrapping.current())
            .query(
                (row, n) ->
                    new WrappedSecret(
                        new TenantId(row.getString("tenant_id")),
                        new WebhookId(row.getString("id")),
                        row.getString("wrapped_by"),
                        Bytes.of(row.getBytes("secret"))))
            .list();
    return stale.stream().mapToInt(this::rewrap).sum();
  }

  private int rewrap(WrappedSecret old) {
    var context = context(old.tenant, old.id);
    var secret = wrapping.unwrap(old.by, old.secret, context);
    return jdbc.sql(
            """
            update webhook set wrapped_by = ?, secret = ?
             where tenant_id = ? and id = ? and wrapped_by = ? and secret = ?
            """)
        .params(
            wrapping.current(),
            wrapping.wrap(secret, context).toArray(),
            old.tenant.value(),
            old.id.value(),
            old.by,
            old.secret.toArray())
        .update();
  }
}
