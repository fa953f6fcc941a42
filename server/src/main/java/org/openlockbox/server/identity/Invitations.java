package org.openlockbox.server.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Invitations to become one of a tenant's people. Each is for one address and these roles, works
/// once and for [#VALID]; a newer one to the same address ends it. Looking at it changes nothing.
/// Taking it makes a [Person] of that address and signs nobody in: that takes a proof that the
/// address is theirs, as ever, so a link that went astray is worth nothing.
public final class Invitations {
  static final Duration VALID = Duration.ofDays(7);

  /// How many an address may get from one tenant within [#SPAN].
  static final int MOST = 5;

  static final Duration SPAN = Duration.ofDays(1);

  /// How many of a tenant may be open.
  static final int MOST_OPEN = 100;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final People people;
  private final InvitationMailer mailing;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Invitations(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      People people,
      InvitationMailer mailing,
      InstantSource clock,
      RandomGenerator random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.people = people;
    this.mailing = mailing;
    this.clock = clock;
    this.random = random;
  }

  /// Sends the link; called inside the transaction that keeps its hash. `tenantName` is what the
  /// tenant is called.
  @FunctionalInterface
  public interface InvitationMailer {
    void send(Invitation invitation, Inviter inviter, String tenantName, Secret secret);
  }

  /// Who invites, as the mail names them, and the language of the page on which they do it.
  public record Inviter(String name, Optional<Locale> page) {}

  /// Who is invited to be what, and by whom.
  public record Invitation(
      TenantId tenant, MailAddress address, Set<Role> roles, String by, Instant expiresAt) {
    public Invitation {
      roles = Set.copyOf(roles);
      if (roles.isEmpty() || !roles.stream().allMatch(Role::isOfTenant)) {
        throw new IllegalArgumentException("an invitation is to roles of a tenant");
      }
    }
  }

  /// Invites whoever gets mail at the address, instead of every earlier time.
  public Invitation invite(
      TenantId tenant, String tenantName, MailAddress address, Set<Role> roles, Inviter by) {
    return within(
        () -> send(new Invitation(tenant, address, roles, by.name, lapses()), by, tenantName));
  }

  /// Whether the people of a tenant stay who are there when an operator invites somebody.
  public enum EarlierPeople {
    STAY,
    /// They are removed as [People#remove] does: the address of one of them was wrong.
    LEAVE
  }

  /// Invites the first of a tenant's people, or another one while the tenant is not founded. While
  /// nobody is there, or if they leave, it is instead of everybody who was invited before.
  public Invitation inviteFirst(
      TenantId tenant,
      String tenantName,
      MailAddress address,
      Set<Role> roles,
      Inviter by,
      EarlierPeople earlier) {
    return within(
        () -> {
          var here = people.of(Optional.of(tenant));
          if (earlier == EarlierPeople.LEAVE) {
            here.forEach(one -> people.remove(Optional.of(tenant), one.subject()));
          }
          if (earlier == EarlierPeople.LEAVE || here.isEmpty()) {
            open(tenant).forEach(open -> end(tenant, open.address));
          }
          return send(new Invitation(tenant, address, roles, by.name, lapses()), by, tenantName);
        });
  }

  private Instant lapses() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(VALID);
  }

  private <T> T within(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(_ -> work.get()));
  }

  private Invitation send(Invitation invitation, Inviter by, String tenantName) {
    var now = clock.instant();
    check(invitation, now);
    end(invitation.tenant, invitation.address);
    var secret = Secret.random(random);
    insert(invitation, secret, now);
    mailing.send(invitation, by, tenantName, secret);
    return invitation;
  }

  private void check(Invitation invitation, Instant now) {
    people.requireOneSide(Optional.of(invitation.tenant), invitation.address);
    if (people.at(invitation.address).stream()
        .anyMatch(person -> person.tenant().equals(Optional.of(invitation.tenant)))) {
      throw Problem.conflict("person_exists", "somebody with this address is here already");
    }
    int recent =
        jdbc.sql(
                """
                select count(*) from invitation
                 where tenant_id = ? and address = ? and created_at > ?
                """)
            .param(invitation.tenant.value())
            .param(invitation.address.value())
            .param(at(now.minus(SPAN)))
            .query(Integer.class)
            .single();
    if (recent >= MOST || open(invitation.tenant).size() >= MOST_OPEN) {
      throw Problem.tooOften("this address, or this tenant, has had too many invitations");
    }
  }

  /// Takes back what was sent to this address: its link is good no longer.
  public void withdraw(TenantId tenant, MailAddress address) {
    end(tenant, address);
  }

  /// Takes back all that whoever is called so has sent for a tenant.
  public void withdrawOf(TenantId tenant, String inviter) {
    jdbc.sql(
            """
            update invitation set ended_at = ?
             where tenant_id = ? and invited_by = ? and ended_at is null
            """)
        .params(at(clock.instant()), tenant.value(), inviter)
        .update();
  }

  private void end(TenantId tenant, MailAddress address) {
    jdbc.sql(
            """
            update invitation set ended_at = ?
             where tenant_id = ? and address = ? and ended_at is null
            """)
        .params(at(clock.instant()), tenant.value(), address.value())
        .update();
  }

  private void insert(Invitation invitation, Secret secret, Instant now) {
    jdbc.sql(
            """
            insert into invitation
              (secret, tenant_id, address, roles, invited_by, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .param(secret.hash())
        .param(invitation.tenant.value())
        .param(invitation.address.value())
        .param(invitation.roles.stream().map(Role::word).sorted().toArray(String[]::new))
        .param(invitation.by)
        .param(at(now))
        .param(at(invitation.expiresAt))
        .update();
  }

  /// The invitation that this link is for, if it is still good.
  public Optional<Invitation> look(Secret secret) {
    return jdbc.sql(
            """
            select tenant_id, address, roles, invited_by, expires_at from invitation
             where secret = ? and ended_at is null and expires_at > ?
            """)
        .params(secret.hash(), at(clock.instant()))
        .query((row, n) -> read(row))
        .optional();
  }

  /// Those of a tenant that are still good, newest first.
  public List<Invitation> open(TenantId tenant) {
    return jdbc.sql(
            """
            select tenant_id, address, roles, invited_by, expires_at from invitation
             where tenant_id = ? and ended_at is null and expires_at > ?
             order by created_at desc, address
            """)
        .params(tenant.value(), at(clock.instant()))
        .query((row, n) -> read(row))
        .list();
  }

  private static Invitation read(ResultSet row) throws SQLException {
    return new Invitation(
        new TenantId(row.getString("tenant_id")),
        new MailAddress(row.getString("address")),
        Arrays.stream((String[]) row.getArray("roles").getArray())
            .map(Role::parse)
            .collect(Collectors.toSet()),
        row.getString("invited_by"),
        row.getObject("expires_at", OffsetDateTime.class).toInstant());
  }

  /// Makes a person called so of whoever was invited; empty if the invitation is good no longer.
  /// Throws [Problem] and takes nothing if the address is meanwhile of somebody of the provider.
  public Optional<Person> take(Secret secret, String name) {
    return within(
        () -> {
          var now = at(clock.instant());
          return jdbc.sql(
                  """
                  update invitation set ended_at = ?
                   where secret = ? and ended_at is null and expires_at > ?
                  returning tenant_id, address, roles, invited_by, expires_at
                  """)
              .params(now, secret.hash(), now)
              .query((row, n) -> read(row))
              .optional()
              .map(invitation -> join(invitation, name));
        });
  }

  private Person join(Invitation invitation, String name) {
    return people.add(
        new People.NewPerson(
            Optional.of(invitation.tenant),
            people.subjectFor(invitation.tenant, invitation.address, subject(invitation)),
            invitation.address,
            name,
            invitation.roles));
  }

  /// What keyrings and logs call them: the tenant and what stands before the @.
  private static SubjectId subject(Invitation invitation) {
    var local = invitation.address.value().replaceFirst("@.*", "").replaceAll("[^a-z0-9._-]", "-");
    var whole = invitation.tenant + "-" + local;
    return new SubjectId(whole.substring(0, Math.min(whole.length(), 60)));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /// Deletes what is over and no longer counts against its address.
  public void forgetOld() {
    jdbc.sql("delete from invitation where expires_at <= ?").param(at(clock.instant())).update();
  }
}
