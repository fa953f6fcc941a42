package org.openlockbox.server.notify.push;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.notify.message.Notice;
import org.openlockbox.server.notify.message.NoticeKind;
import org.openlockbox.server.notify.outbox.CloudEvents;
import org.openlockbox.server.notify.outbox.Outbox;
import org.openlockbox.server.notify.outbox.SubscriptionId;
import org.openlockbox.server.notify.webhook.Destinations;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.seal.KeyWrapping;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The browsers in which approvers want to be told by web push. Everybody subscribes their own
/// browsers and nobody else's. Somebody who left, or is no approver any more, is told nothing.
///
/// A message says no more than a path of the portal, which opens nothing without signing in.
public final class PushSubscriptions {
  private static final int MOST = 10;
  private static final int LONGEST_NAME = 60;

  /// What an approver may have to answer.
  private static final Set<NoticeKind> ASKING =
      EnumSet.of(
          NoticeKind.REQUEST_CREATED,
          NoticeKind.REQUEST_APPROVAL,
          NoticeKind.REQUEST_REMINDER,
          NoticeKind.REQUEST_ESCALATED,
          NoticeKind.REQUEST_ANSWER,
          NoticeKind.REQUESTS_GROUPED);

  private static final String LIVING =
      """
      select s.id, s.host, s.browser, s.created_at, s.wrapped_by, s.wrapped, p.subject
        from push_subscription s
        join person p on p.id = s.person_id and p.tenant_id = s.tenant_id
       where s.tenant_id = :tenant and p.left_at is null and 'approver' = any (p.roles)
      """;

  private final JdbcClient jdbc;
  private final Outbox outbox;
  private final KeyWrapping wrapping;
  private final Destinations destinations;
  private final InstantSource clock;
  private final SecureRandom random;
  private final PushKey key;

  public PushSubscriptions(
      JdbcClient jdbc,
      Outbox outbox,
      KeyWrapping wrapping,
      Destinations destinations,
      InstantSource clock,
      SecureRandom random,
      URI publicUrl) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.wrapping = wrapping;
    this.destinations = destinations;
    this.clock = clock;
    this.random = random;
    this.key = new PushKey(jdbc, wrapping, clock, random, publicUrl);
  }

  /// By which key a browser knows our messages.
  public String publicKey() {
    return key.publicKey();
  }

  /// What a call of this endpoint says who we are with.
  public String authorization(URI endpoint) {
    return key.authorization(endpoint);
  }

  /// Where a browser says that it is reached, if it may be there; the reason of a refusal is the
  /// exception's. The same addresses are refused as for webhooks.
  public PushTarget target(String endpoint, String publicKey, String secret) {
    var target =
        new PushTarget(
            destinations.pushEndpoint(endpoint),
            Bytes.ofBase64Url(publicKey),
            Bytes.ofBase64Url(secret));
    try {
      target.encrypted("{}");
    } catch (RuntimeException noPoint) {
      throw new IllegalArgumentException("the key of a browser is a point of P-256", noPoint);
    }
    return target;
  }

  /// Tells this browser of its owner from now on. A browser that subscribes again is told once.
  public void add(TenantId tenant, Person owner, PushTarget target, String browser) {
    if (of(tenant, owner.subject()).size() >= MOST) {
      throw Problem.refused("push", "at most %d browsers are told".formatted(MOST));
    }
    var id = SubscriptionId.random(random);
    jdbc.sql(
            """
            insert into push_subscription (tenant_id, id, person_id, endpoint, host, browser,
                                           wrapped_by, wrapped, created_at)
            values (:tenant, :id, :person, :endpoint, :host, :browser, :by, :wrapped, :now)
            on conflict on constraint push_subscription_once do nothing
            """)
        .param("tenant", tenant.value())
        .param("id", id.value())
        .param("person", owner.id())
        .param("endpoint", hash(target))
        .param("host", target.endpoint().getHost())
        .param("browser", browser.substring(0, Math.min(LONGEST_NAME, browser.length())))
        .param("by", wrapping.current())
        .param("wrapped", wrapping.wrap(target.bytes(), context(tenant, id)).toArray())
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  private static byte[] hash(PushTarget target) {
    return Bytes.ofUtf8(target.endpoint().toString()).sha256().bytes();
  }

  /// The browsers of all of a tenant's approvers.
  public List<PushSubscription> of(TenantId tenant) {
    return jdbc.sql(LIVING + " order by s.created_at, s.id")
        .param("tenant", tenant.value())
        .query((row, n) -> read(row))
        .list();
  }

  /// The browsers of one of them.
  public List<PushSubscription> of(TenantId tenant, SubjectId person) {
    return of(tenant).stream().filter(one -> one.person().equals(person)).toList();
  }

  private static PushSubscription read(ResultSet row) throws SQLException {
    return new PushSubscription(
        new SubscriptionId(row.getString("id")),
        new SubjectId(row.getString("subject")),
        row.getString("host"),
        row.getString("browser"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /// Tells this browser nothing more. Only its owner says so.
  public void remove(TenantId tenant, Person owner, SubscriptionId id) {
    int removed =
        jdbc.sql("delete from push_subscription where tenant_id = ? and id = ? and person_id = ?")
            .params(tenant.value(), id.value(), owner.id())
            .update();
    if (removed != 1) {
      throw Problem.notFound();
    }
    outbox.giveUp(tenant, id, "the browser is not told any more");
  }

  /// The push service says that there is no such browser any more.
  public void gone(TenantId tenant, SubscriptionId id) {
    jdbc.sql("delete from push_subscription where tenant_id = ? and id = ?")
        .params(tenant.value(), id.value())
        .update();
    outbox.giveUp(tenant, id, "the browser is not subscribed any more");
  }

  /// Where this browser is reached; empty if it is not told any more.
  public Optional<PushTarget> target(TenantId tenant, SubscriptionId id) {
    return jdbc.sql(LIVING + " and s.id = :id")
        .param("tenant", tenant.value())
        .param("id", id.value())
        .query(
            (row, n) ->
                PushTarget.of(
                    wrapping.unwrap(
                        row.getString("wrapped_by"),
                        Bytes.of(row.getBytes("wrapped")),
                        context(tenant, id))))
        .optional();
  }

  private static Bytes context(TenantId tenant, SubscriptionId id) {
    return Bytes.ofUtf8("lockbox push subscription v1\n%s\n%s".formatted(tenant, id));
  }

  /// Puts a message to each browser into the outbox, if this asks approvers something.
  public void tell(TenantId tenant, Notice notice) {
    if (ASKING.contains(notice.kind())) {
      of(tenant).forEach(browser -> message(tenant, browser.id(), notice));
    }
  }

  /// Puts a message that means nothing to this browser of its owner into the outbox.
  public void test(TenantId tenant, Person owner, SubscriptionId id, Notice notice) {
    var own = of(tenant, owner.subject()).stream().anyMatch(one -> one.id().equals(id));
    if (!own) {
      throw Problem.notFound();
    }
    message(tenant, id, notice);
  }

  private void message(TenantId tenant, SubscriptionId id, Notice notice) {
    var path = notice.about().map(about -> "/requests/" + about).orElse("/");
    outbox.push(
        new Outbox.Label(
            Optional.of(tenant), notice.kind(), notice.about(), notice.urgent(), clock.instant()),
        id,
        new CloudEvents.CloudEvent(
            CloudEvents.id(tenant, notice),
            CanonicalJson.text(Json.object().put("path", path).build())));
  }

  private record WrappedTarget(TenantId tenant, SubscriptionId id, String by, Bytes wrapped) {}

  /// Wraps by the current key what another one has wrapped.
  public void adopt() {
    key.adopt();
    jdbc.sql(
            "select tenant_id, id, wrapped_by, wrapped from push_subscription where wrapped_by <>"
                + " ?")
        .params(wrapping.current())
        .query(
            (row, n) ->
                new WrappedTarget(
                    new TenantId(row.getString("tenant_id")),
                    new SubscriptionId(row.getString("id")),
                    row.getString("wrapped_by"),
                    Bytes.of(row.getBytes("wrapped"))))
        .list()
        .forEach(this::rewrap);
  }

  private void rewrap(WrappedTarget old) {
    var context = context(old.tenant, old.id);
    jdbc.sql(
            """
            update push_subscription set wrapped_by = ?, wrapped = ?
             where tenant_id = ? and id = ? and wrapped_by = ?
            """)
        .params(
            wrapping.current(),
            wrapping.wrap(wrapping.unwrap(old.by, old.wrapped, context), context).toArray(),
            old.tenant.value(),
            old.id.value(),
            old.by)
        .update();
  }
}
