package org.openlockbox.server.identity.oidc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.subject.EngineerFacts.EngineerFact;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.identity.MailAddress;
import org.openlockbox.server.identity.People;
import org.openlockbox.server.identity.Person;
import org.openlockbox.server.identity.Role;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which of our people somebody is whom an issuer vouches for, looked for among the people of that
/// issuer's own side alone; its facts are written into the directory. The first time by their
/// verified address; from then on by the issuer's subject, whatever becomes of the address. Where
/// the issuer gives roles, somebody new is added, and roles are what it says now.
///
/// Who was removed here stays out until they are added again.
final class IssuerPeople {
  private final JdbcClient jdbc;
  private final InstantSource clock;

  IssuerPeople(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Who it is, or why nobody.
  sealed interface PersonMatch {
    record MatchedPerson(Person person) implements PersonMatch {}

    record NoMatch(SignInRefusal why) implements PersonMatch {}
  }

  /// Must be called in a transaction.
  PersonMatch find(OidcIssuer issuer, Claims claims) {
    if (claims.roles().filter(Set::isEmpty).isPresent()) {
      return new PersonMatch.NoMatch(SignInRefusal.NO_ROLE);
    }
    var found =
        bound(issuer, claims.subject())
            .map(row -> known(row, claims))
            .orElseGet(() -> firstTime(issuer, claims));
    if (found instanceof PersonMatch.MatchedPerson(var person)) {
      claims.facts().keep(jdbc, issuer, person);
    }
    return found;
  }

  private record IssuerPersonRow(Person person, boolean left, Optional<String> issuer) {}

  private PersonMatch known(IssuerPersonRow row, Claims claims) {
    return row.left
        ? new PersonMatch.NoMatch(SignInRefusal.REMOVED)
        : new PersonMatch.MatchedPerson(withRoles(row.person, claims));
  }

  private PersonMatch firstTime(OidcIssuer issuer, Claims claims) {
    if (claims.address().isEmpty()) {
      return new PersonMatch.NoMatch(SignInRefusal.NO_ADDRESS);
    }
    var there = at(issuer, claims.address().get());
    if (there.isEmpty()) {
      return claims.roles().isPresent()
          ? added(issuer, claims)
          : new PersonMatch.NoMatch(SignInRefusal.UNKNOWN);
    }
    var row = there.get();
    if (row.left) {
      return new PersonMatch.NoMatch(SignInRefusal.REMOVED);
    }
    if (row.issuer.filter(issuer.url().toString()::equals).isPresent()) {
      return new PersonMatch.NoMatch(SignInRefusal.ANOTHER);
    }
    bind(row.person, issuer, claims.subject());
    return known(row, claims);
  }

  private Optional<IssuerPersonRow> bound(OidcIssuer issuer, String subject) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles, left_at, issuer from person
             where tenant_id is not distinct from ?::text and issuer = ? and issuer_subject = ?
               for update
            """)
        .param(side(issuer))
        .param(issuer.url().toString())
        .param(subject)
        .query((row, n) -> read(row))
        .optional();
  }

  private Optional<IssuerPersonRow> at(OidcIssuer issuer, MailAddress address) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles, left_at, issuer from person
             where tenant_id is not distinct from ?::text and address = ?
               for update
            """)
        .param(side(issuer))
        .param(address.value())
        .query((row, n) -> read(row))
        .optional();
  }

  private static IssuerPersonRow read(ResultSet row) throws SQLException {
    return new IssuerPersonRow(
        Person.read(row),
        row.getObject("left_at") != null,
        Optional.ofNullable(row.getString("issuer")));
  }

  /// Visits that began by a mailed code end: from now on the issuer is asked about this person.
  private void bind(Person person, OidcIssuer issuer, String subject) {
    jdbc.sql("update person set issuer = ?, issuer_subject = ? where id = ?")
        .params(issuer.url().toString(), subject, person.id())
        .update();
    jdbc.sql("delete from visit where person_id = ?").param(person.id()).update();
  }

  private Person withRoles(Person person, Claims claims) {
    var roles = claims.roles().orElse(person.roles());
    if (!roles.equals(person.roles())) {
      jdbc.sql("update person set roles = ? where id = ?")
          .param(words(roles))
          .param(person.id())
          .update();
    }
    return new Person(
        person.id(), person.tenant(), person.subject(), person.address(), person.name(), roles);
  }

  private static String[] words(Set<Role> roles) {
    return roles.stream().map(Role::word).sorted().toArray(String[]::new);
  }

  /// Known here by their address from now on. An id that somebody has or had is never given again.
  private PersonMatch added(OidcIssuer issuer, Claims claims) {
    var address = claims.address().orElseThrow();
    SubjectId subject;
    try {
      subject = new SubjectId(address.value());
    } catch (IllegalArgumentException e) {
      return new PersonMatch.NoMatch(SignInRefusal.NO_ADDRESS);
    }
    if (People.isOfOtherSide(jdbc, issuer.tenant(), address)) {
      return new PersonMatch.NoMatch(SignInRefusal.ANOTHER);
    }
    try {
      return new PersonMatch.MatchedPerson(insert(issuer, claims, subject, address));
    } catch (DuplicateKeyException e) {
      return new PersonMatch.NoMatch(SignInRefusal.ANOTHER);
    }
  }

  private Person insert(OidcIssuer issuer, Claims claims, SubjectId subject, MailAddress address) {
    return jdbc.sql(
            """
            insert into person
              (tenant_id, subject, address, name, roles, created_at, issuer, issuer_subject,
               facts_issuer, facts_issued)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            returning id, tenant_id, subject, address, name, roles
            """)
        .param(side(issuer))
        .param(subject.value())
        .param(address.value())
        .param(claims.name().orElse(subject.value()))
        .param(words(claims.roles().orElseThrow()))
        .param(clock.instant().atOffset(ZoneOffset.UTC))
        .param(issuer.url().toString())
        .param(claims.subject())
        .param(issuer.name())
        .param(
            claims.name().map(_ -> new String[] {EngineerFact.NAME.word()}).orElse(new String[0]))
        .query((row, n) -> Person.read(row))
        .single();
  }

  private static @Nullable String side(OidcIssuer issuer) {
    return issuer.tenant().map(TenantId::value).orElse(null);
  }
}
