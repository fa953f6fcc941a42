package org.openlockbox.server.identity;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Browsers in which somebody is signed in. However a person proved who they are, [#begin] is the
/// one door: it makes a new secret, so that none that was known before becomes worth anything.
///
/// A visit ends after [#LONGEST], after [#IDLE] without a call, when it is signed out, when its
/// person has left, or when nobody vouches for them any more. Person and roles are read with every
/// call.
public final class Visits {
  public static final Duration LONGEST = Duration.ofHours(12);
  public static final Duration IDLE = Duration.ofHours(1);

  /// How exactly it is known when a visit was last used.
  private static final Duration NOTED = Duration.ofMinutes(1);

  private static final Pattern VISIT = Pattern.compile("[0-9a-f]{64}");

  private final JdbcClient jdbc;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final VisitCheck standing;

  public Visits(JdbcClient jdbc, InstantSource clock, RandomGenerator random, VisitCheck standing) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.random = random;
    this.standing = standing;
  }

  /// Whether somebody elsewhere still vouches for who is signed in.
  @FunctionalInterface
  public interface VisitCheck {
    /// Finds out, and ends the visit of this hash if nobody does; called before a visit is
    /// believed.
    void settle(byte[] visit);
  }

  /// A signed-in browser, the time zone that it is in, and the language in which its person gets
  /// mail, once that is known.
  public record Visit(Person person, ZoneId zone, boolean isFounded, Optional<Locale> language) {}

  /// Begins a visit of somebody who has proved to be this person.
  public Secret begin(Person person, ZoneId zone) {
    var secret = Secret.random(random);
    begin(person, zone, secret);
    return secret;
  }

  /// The same with a secret that was made for it.
  public void begin(Person person, ZoneId zone, Secret secret) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    jdbc.sql(
            """
            insert into visit (secret, person_id, zone, created_at, seen_at)
            values (?, ?, ?, ?, ?)
            """)
        .params(secret.hash(), person.id(), zone.getId(), now, now)
        .update();
  }

  /// Whose browser this is, now; a call of theirs.
  public Optional<Visit> find(Secret secret) {
    var found = look(secret);
    if (found.isPresent()) {
      var now = clock.instant();
      jdbc.sql("update visit set seen_at = ? where secret = ? and seen_at < ?")
          .params(
              now.atOffset(ZoneOffset.UTC),
              secret.hash(),
              now.minus(NOTED).atOffset(ZoneOffset.UTC))
          .update();
    }
    return found;
  }

  /// The same without being a call: a page that is left open keeps no visit alive.
  public Optional<Visit> look(Secret secret) {
    standing.settle(secret.hash());
    var now = clock.instant();
    return jdbc.sql(
            """
            select p.id, p.tenant_id, p.subject, p.address, p.name, p.roles, p.language, v.zone,
                   p.tenant_id is null or exists (select from tenant t where t.id = p.tenant_id)
                     as founded
              from visit v join person p on p.id = v.person_id
             where v.secret = ? and p.left_at is null
               and v.created_at > ? and v.seen_at > ?
            """)
        .params(
            secret.hash(),
            now.minus(LONGEST).atOffset(ZoneOffset.UTC),
            now.minus(IDLE).atOffset(ZoneOffset.UTC))
        .query(
            (row, n) ->
                new Visit(
                    Person.read(row),
                    zone(row.getString("zone")),
                    row.getBoolean("founded"),
                    Optional.ofNullable(row.getString("language")).map(Locale::forLanguageTag)))
        .optional();
  }

  /// From now on this person gets mail in this language, which is that of their browser: a mail
  /// that another browser asks for is in the language of that one.
  public void reads(Person person, Locale language) {
    reads(person, language, false);
  }

  /// From now on this person gets all mail in this language.
  public void chooses(Person person, Locale language) {
    reads(person, language, true);
  }

  private void reads(Person person, Locale language, boolean chosen) {
    jdbc.sql("update person set language = ?, language_chosen = ? where id = ?")
        .params(language.getLanguage(), chosen, person.id())
        .update();
  }

  /// Shows times in another zone from now on.
  public void move(Secret secret, ZoneId zone) {
    jdbc.sql("update visit set zone = ? where secret = ?")
        .params(zone.getId(), secret.hash())
        .update();
  }

  /// A browser in which somebody is signed in, as they see it in a list: since when, when it was
  /// last used, and its time zone. `id` names it and opens nothing.
  public record OpenVisit(String id, Instant began, Instant used, ZoneId zone) {
    public boolean isOf(Secret secret) {
      return id.equals(HexFormat.of().formatHex(secret.hash()));
    }
  }

  /// In which browsers this person is signed in, the last used first.
  public List<OpenVisit> of(Person person) {
    var now = clock.instant();
    return jdbc.sql(
            """
            select encode(secret, 'hex') as id, created_at, seen_at, zone from visit
             where person_id = ? and created_at > ? and seen_at > ?
             order by seen_at desc, created_at desc
            """)
        .params(
            person.id(),
            now.minus(LONGEST).atOffset(ZoneOffset.UTC),
            now.minus(IDLE).atOffset(ZoneOffset.UTC))
        .query(
            (row, n) ->
                new OpenVisit(
                    row.getString("id"),
                    row.getObject("created_at", OffsetDateTime.class).toInstant(),
                    row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                    zone(row.getString("zone"))))
        .list();
  }

  /// Signs this person out of one browser; false if it is none of theirs.
  public boolean end(Person person, String id) {
    return VISIT.matcher(id).matches()
        && jdbc.sql("delete from visit where person_id = ? and secret = decode(?, 'hex')")
                .params(person.id(), id)
                .update()
            == 1;
  }

  /// A zone by its IANA name; UTC for what is none.
  public static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  public void end(Secret secret) {
    jdbc.sql("delete from visit where secret = ?").param(secret.hash()).update();
  }

  /// Signs the person out of every browser.
  public void endAll(Person person) {
    jdbc.sql("delete from visit where person_id = ?").param(person.id()).update();
  }

  /// Deletes what is over.
  public void forgetOld() {
    var now = clock.instant();
    jdbc.sql("delete from visit where created_at <= ? or seen_at <= ?")
        .params(
            now.minus(LONGEST).atOffset(ZoneOffset.UTC), now.minus(IDLE).atOffset(ZoneOffset.UTC))
        .update();
  }
}
