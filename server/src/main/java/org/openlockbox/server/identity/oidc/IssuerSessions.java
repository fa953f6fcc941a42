package org.openlockbox.server.identity.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.server.identity.Visits;
import org.openlockbox.server.seal.KeyUnavailable;
import org.openlockbox.server.seal.KeyWrapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Whether the issuer still vouches for who came from it. Nothing is done for a visit whose issuer
/// has not said yes within [#GOOD]: it is asked, with the refresh token that came with the last
/// yes, by one server at a time, and what it says now about roles holds from then on.
///
/// A no ends the visit. While the issuer does not answer, visits go on until [#GRACE] after its
/// last yes, so that a customer can stop an access while their issuer is down; nobody who was sent
/// away can make it silent for us.
///
/// A server that is killed between the issuer's yes and ours leaves a refresh token that was used:
/// the issuer refuses it, and the person signs in again.
public final class IssuerSessions implements Visits.VisitCheck {
  static final Duration GOOD = Duration.ofSeconds(45);
  static final Duration GRACE = Duration.ofMinutes(10);

  /// How long another server may be at it.
  private static final Duration CLAIM = IssuerHttp.PATIENCE.multipliedBy(3);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(IssuerSessions.class);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Issuers issuers;
  private final IssuerPeople people;
  private final KeyWrapping wrapping;
  private final InstantSource clock;

  public IssuerSessions(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      Issuers issuers,
      KeyWrapping wrapping,
      InstantSource clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.issuers = issuers;
    this.people = new IssuerPeople(jdbc, clock);
    this.wrapping = wrapping;
    this.clock = clock;
  }

  private record StoredIssuerSession(
      Bytes visit,
      String issuer,
      String by,
      Bytes refresh,
      Instant good,
      Optional<Instant> silent,
      Optional<Instant> claimed) {

    boolean isGood(Instant now) {
      boolean waits = silent.filter(at -> now.isBefore(at.plus(GOOD))).isPresent();
      return now.isBefore(good.plus(waits ? GRACE : GOOD));
    }
  }

  /// The issuer has just said yes; inside the transaction that begins the visit.
  void begin(byte[] visit, OidcIssuer issuer, RefreshToken refresh) {
    jdbc.sql(
            """
            insert into standing (visit, issuer, wrapped_by, refresh, good_at)
            values (?, ?, ?, ?, ?)
            """)
        .params(
            visit,
            issuer.name(),
            wrapping.current(),
            wrapping.wrap(refresh.bytes(), context(Bytes.of(visit), issuer.name())).toArray(),
            at(clock.instant()))
        .update();
  }

  @Override
  public void settle(byte[] visit) {
    var last = System.nanoTime() + CLAIM.multipliedBy(2).toNanos();
    while (true) {
      var stored = find(visit);
      if (stored.isEmpty() || stored.get().isGood(clock.instant())) {
        return;
      }
      if (claim(stored.get())) {
        ask(stored.get());
      } else if (System.nanoTime() > last || !paused()) {
        end(stored.get(), "nobody could ask its issuer");
      }
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(LOOK);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<StoredIssuerSession> find(byte[] visit) {
    return jdbc.sql(
            """
            select visit, issuer, wrapped_by, refresh, good_at, silent_at, claimed_until
              from standing where visit = ?
            """)
        .param(visit)
        .query(
            (row, n) ->
                new StoredIssuerSession(
                    Bytes.of(row.getBytes("visit")),
                    row.getString("issuer"),
                    row.getString("wrapped_by"),
                    Bytes.of(row.getBytes("refresh")),
                    row.getObject("good_at", OffsetDateTime.class).toInstant(),
                    Optional.ofNullable(row.getObject("silent_at", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                    Optional.ofNullable(row.getObject("claimed_until", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)))
        .optional();
  }

  private boolean claim(StoredIssuerSession stored) {
    var now = clock.instant();
    if (stored.claimed.filter(now::isBefore).isPresent()) {
      return false;
    }
    return jdbc.sql(
                """
                update standing set claimed_until = ?
                 where visit = ? and good_at = ? and (claimed_until is null or claimed_until <= ?)
                """)
            .params(at(now.plus(CLAIM)), stored.visit.toArray(), at(stored.good), at(now))
            .update()
        == 1;
  }

  private void ask(StoredIssuerSession stored) {
    var asked = clock.instant();
    var issuer = issuers.named(stored.issuer);
    if (issuer.isEmpty()) {
      end(stored, "its issuer is no longer known");
      return;
    }
    switch (again(issuer.get(), stored)) {
      case IssuerAnswer.Yes yes -> renew(stored, issuer.get().issuer(), yes, asked);
      case IssuerAnswer.No(String why) -> end(stored, why);
      case IssuerAnswer.Silence(String why) -> waitFor(stored, why, asked);
    }
  }

  private IssuerAnswer again(IssuerClient issuer, StoredIssuerSession stored) {
    try {
      var refresh =
          wrapping.unwrap(stored.by, stored.refresh, context(stored.visit, stored.issuer));
      return issuer.again(RefreshToken.of(refresh));
    } catch (KeyUnavailable e) {
      return new IssuerAnswer.No("its refresh token cannot be unwrapped");
    }
  }

  /// Good from when the question was asked; for the very person who signed in.
  private void renew(
      StoredIssuerSession stored, OidcIssuer issuer, IssuerAnswer.Yes yes, Instant asked) {
    transaction.executeWithoutResult(
        _ -> {
          var found = people.find(issuer, yes.claims());
          boolean same =
              found instanceof IssuerPeople.PersonMatch.MatchedPerson(var person)
                  && renewed(stored, person.id(), yes.refresh(), asked) == 1;
          if (!same) {
            end(stored, "its issuer vouches for nobody, or for somebody else");
          }
        });
  }

  private int renewed(
      StoredIssuerSession stored, long person, RefreshToken refresh, Instant asked) {
    return jdbc.sql(
            """
            update standing set wrapped_by = ?, refresh = ?, good_at = ?,
                                silent_at = null, claimed_until = null
             where visit = (select secret from visit where secret = ? and person_id = ?)
            """)
        .params(
            wrapping.current(),
            wrapping.wrap(refresh.bytes(), context(stored.visit, stored.issuer)).toArray(),
            at(asked),
            stored.visit.toArray(),
            person)
        .update();
  }

  private void waitFor(StoredIssuerSession stored, String why, Instant asked) {
    LOG.warn("the issuer {} does not answer: {}", stored.issuer, why);
    if (asked.isBefore(stored.good.plus(GRACE))) {
      jdbc.sql("update standing set silent_at = ?, claimed_until = null where visit = ?")
          .params(at(asked), stored.visit.toArray())
          .update();
    } else {
      end(stored, "its issuer has not answered for too long");
    }
  }

  private void end(StoredIssuerSession stored, String why) {
    LOG.info("a visit from the issuer {} ends: {}", stored.issuer, why);
    jdbc.sql("delete from visit where secret = ?").param(stored.visit.toArray()).update();
  }

  private static OffsetDateTime at(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static Bytes context(Bytes visit, String issuer) {
    return Bytes.ofUtf8("lockbox standing v1\n%s\n%s".formatted(issuer, visit.hex()));
  }
}
