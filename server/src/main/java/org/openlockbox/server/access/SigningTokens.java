package org.openlockbox.server.access;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.request.StoredRequest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How a signed-in person comes to the page where passkeys sign. That page has an origin of its own
/// and knows no cookie; what it knows is a token, bound to one visit and one [SigningIntent], taken
/// once and not after [#VALID]. Taking it makes a draft: the exact bytes to be signed, kept here,
/// so that what is sent back is a signature and nothing else.
///
/// ```text
///   issue ──▶ take ──▶ (draft shown, passkey signs) ──▶ send
/// ```
///
/// Neither token nor draft decides anything: only a signature by an enrolled key does.
public final class SigningTokens {
  static final Duration VALID = Duration.ofMinutes(15);

  private final JdbcClient jdbc;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Visits.VisitCheck standing;

  public SigningTokens(
      JdbcClient jdbc, InstantSource clock, RandomGenerator random, Visits.VisitCheck standing) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.random = random;
    this.standing = standing;
  }

  /// Whose token it is and what it is for.
  public record SigningContext(Person person, ZoneId zone, TenantId tenant, SigningIntent intent) {}

  /// A draft that is now to be sent: what was drafted, and for whom.
  public record DraftToSend(SigningContext context, Envelope unsigned) {}

  /// A token for this visit's person to decide about the request as it is now.
  public Secret issue(Secret visit, StoredRequest shown) {
    return issue(visit, shown.tenant(), new SigningIntent.Decide(shown.id(), shown.etag()));
  }

  /// A token for this visit's person and this intent at the tenant.
  public Secret issue(Secret visit, TenantId tenant, SigningIntent intent) {
    var token = Secret.random(random);
    jdbc.sql(
            """
            insert into handover (token, visit, tenant_id, intent, about, expires_at)
            values (?, ?, ?, ?, ?, ?)
            """)
        .param(token.hash())
        .param(visit.hash())
        .param(tenant.value())
        .param(intent.word())
        .param(intent.about())
        .param(at(clock.instant().plus(VALID)))
        .update();
    return token;
  }

  /// Looks at a token without taking it: whose it is, if it is good.
  public Optional<SigningContext> look(Secret token) {
    return find("h.token = ? and h.draft is null", token, clock.instant());
  }

  /// Takes the token for a draft of these bytes; empty if somebody else has taken it. The draft is
  /// known by a new secret.
  public Optional<Secret> draft(Secret token, Envelope unsigned) {
    var draft = Secret.random(random);
    int taken =
        jdbc.sql(
                """
                update handover set draft = ?, payload_type = ?, payload = ?
                 where token = ? and draft is null and expires_at > ?
                """)
            .param(draft.hash())
            .param(unsigned.payloadType())
            .param(unsigned.payload().toArray())
            .param(token.hash())
            .param(at(clock.instant()))
            .update();
    return taken == 1 ? Optional.of(draft) : Optional.empty();
  }

  /// Takes the draft to send it: once, whatever comes of it.
  public Optional<DraftToSend> send(Secret draft) {
    var now = clock.instant();
    var taken = find("h.draft = ? and h.sent_at is null", draft, now);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    return jdbc.sql(
            """
            update handover set sent_at = ? where draft = ? and sent_at is null
            returning payload_type, payload
            """)
        .params(at(now), draft.hash())
        .query(
            (row, n) ->
                new Envelope(
                    row.getString("payload_type"), Bytes.of(row.getBytes("payload")), List.of()))
        .optional()
        .map(unsigned -> new DraftToSend(taken.get(), unsigned));
  }

  /// Whose draft it was, if it was sent before.
  public Optional<SigningContext> sentBefore(Secret draft) {
    return find("h.draft = ? and h.sent_at is not null", draft, clock.instant());
  }

  private Optional<SigningContext> find(String which, Secret secret, Instant now) {
    jdbc.sql("select h.visit from handover h where " + which)
        .param(secret.hash())
        .query((row, n) -> row.getBytes("visit"))
        .optional()
        .ifPresent(standing::settle);
    return jdbc.sql(
            """
            select h.tenant_id as handed_tenant, h.intent, h.about, v.zone,
                   p.id, p.tenant_id, p.subject, p.address, p.name, p.roles
              from handover h
              join visit v on v.secret = h.visit
              join person p on p.id = v.person_id
             where %s and h.expires_at > ? and p.left_at is null
               and v.created_at > ? and v.seen_at > ?
            """
                .formatted(which))
        .params(secret.hash(), at(now), at(now.minus(Visits.LONGEST)), at(now.minus(Visits.IDLE)))
        .query(
            (row, n) ->
                new SigningContext(
                    Person.read(row),
                    Visits.zone(row.getString("zone")),
                    new TenantId(row.getString("handed_tenant")),
                    SigningIntent.read(row)))
        .optional();
  }

  /// Deletes what is over.
  public void forgetOld() {
    jdbc.sql("delete from handover where expires_at <= ?").param(at(clock.instant())).update();
  }
}
