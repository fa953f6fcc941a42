package org.openlockbox.server.identity;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The people who use the portal. Being one of them lets nobody sign: an approver's keys are in the
/// tenant's log, signed by the keys before them.
public final class People {
  private final JdbcClient jdbc;
  private final InstantSource clock;

  public People(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Somebody who is to be added.
  public record NewPerson(
      Optional<TenantId> tenant,
      SubjectId subject,
      MailAddress address,
      String name,
      Set<Role> roles) {
    public NewPerson {
      requireShown(name);
      roles = Set.copyOf(roles);
      requireOfSide(tenant, roles);
    }
  }

  /// A name is one line of characters that can be seen: others read it before they sign.
  static void requireShown(String name) {
    if (name.isBlank() || !TextRules.allowsLine(name)) {
      throw new IllegalArgumentException(
          "a name is one line of characters that can be seen: " + TextRules.shown(name));
    }
  }

  /// Nobody approves for a tenant who belongs to the provider, whatever else they may do.
  private static void requireOfSide(Optional<TenantId> tenant, Set<Role> roles) {
    boolean ofTenant = tenant.isPresent();
    if (roles.isEmpty()
        || roles.contains(Role.GATEWAY)
        || roles.stream().anyMatch(role -> role.isOfTenant() != ofTenant)) {
      throw new IllegalArgumentException(
          "approver, policy-admin, tenant-admin and auditor belong to a tenant; engineer,"
              + " reviewer and operator to none");
    }
  }

  /// Adds somebody new, or again who was removed and has the same id and address. Throws [Problem]
  /// where the address is of somebody of the other side.
  public Person add(NewPerson newPerson) {
    requireOneSide(newPerson.tenant(), newPerson.address());
    try {
      return jdbc.sql(
              """
              insert into person (tenant_id, subject, address, name, roles, created_at)
              values (?, ?, ?, ?, ?, ?)
              on conflict on constraint person_subject_unique do update
                 set left_at = null, issuer = null, issuer_subject = null,
                     country = null, employer = null, kind = null, responsible = null,
                     facts_issuer = null, facts_issued = '{}',
                     name = excluded.name, roles = excluded.roles
               where person.left_at is not null and person.address = excluded.address
              returning id, tenant_id, subject, address, name, roles
              """)
          .param(newPerson.tenant().map(TenantId::value).orElse(null))
          .param(newPerson.subject().value())
          .param(newPerson.address().value())
          .param(newPerson.name())
          .param(words(newPerson.roles()))
          .param(clock.instant().atOffset(ZoneOffset.UTC))
          .query((row, n) -> Person.read(row))
          .optional()
          .orElseThrow(People::exists);
    } catch (DuplicateKeyException e) {
      throw exists();
    }
  }

  /// Nobody is of the provider and of a tenant, who gets mail in one mailbox. Two who are added to
  /// both sides at the same moment may both be there: so what gives anything asks
  /// [ProviderDirectory#refuseOwn] again.
  void requireOneSide(Optional<TenantId> tenant, MailAddress address) {
    if (tenant.isPresent() && isOfOtherSide(jdbc, tenant, address)) {
      throw Problem.refused(
              "provider_person",
              "this address is of somebody of the provider, who cannot be one of a tenant's people")
          .withHint("take an address of the tenant's own people");
    }
    if (tenant.isEmpty() && isOfOtherSide(jdbc, tenant, address)) {
      throw Problem.refused(
          "tenant_person",
          "this address is of one of a tenant's people, who cannot belong to the provider");
    }
  }

  /// Whether somebody of the provider, for somebody of a tenant, or the other way round, gets mail
  /// in the same mailbox.
  public static boolean isOfOtherSide(
      JdbcClient jdbc, Optional<TenantId> tenant, MailAddress address) {
    return jdbc.sql(
            """
            select exists (
              select from person
               where %s = %s and left_at is null and (tenant_id is null) = ?)
            """
                .formatted(MailAddress.mailbox("address"), MailAddress.mailbox("?")))
        .params(address.value(), tenant.isPresent())
        .query(Boolean.class)
        .single();
  }

  private static Problem exists() {
    return Problem.conflict("person_exists", "there is a person with this id or address already");
  }

  private static String[] words(Set<Role> roles) {
    return roles.stream().map(Role::word).sorted().toArray(String[]::new);
  }

  /// Gives somebody other roles, from their next call on; false if there is nobody with this id.
  /// Where an issuer gives roles, it gives them again when it is next asked.
  public boolean change(Optional<TenantId> tenant, SubjectId subject, Set<Role> roles) {
    requireOfSide(tenant, roles);
    return jdbc.sql(
                """
                update person set roles = ?
                 where tenant_id is not distinct from ?::text and subject = ? and left_at is null
                """)
            .param(words(roles))
            .param(tenant.map(TenantId::value).orElse(null))
            .param(subject.value())
            .update()
        == 1;
  }

  /// Removes somebody: their visits, their bearer tokens and invitations of their address end at
  /// once, and they stay out, also if their issuer vouches for them, until they are added or
  /// invited again. False if there is nobody with this id. Their keys stay in the tenant's keyring
  /// until the tenant's approvers remove them.
  public boolean remove(Optional<TenantId> tenant, SubjectId subject) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    return jdbc.sql(
                """
                with gone as (
                  update person set left_at = :now
                   where tenant_id is not distinct from :tenant::text and subject = :subject
                     and left_at is null
                  returning id, tenant_id, subject, address
                ), visits as (
                  delete from visit using gone where visit.person_id = gone.id
                ), invitations as (
                  update invitation set ended_at = :now from gone
                   where invitation.tenant_id = gone.tenant_id
                     and invitation.address = gone.address and invitation.ended_at is null
                ), tokens as (
                  update token set revoked_at = :now from gone
                   where token.tenant_id is not distinct from gone.tenant_id
                     and token.subject = gone.subject and token.revoked_at is null
                     and not 'gateway' = any (token.roles)
                )
                select count(*) from gone
                """)
            .param("now", now)
            .param("tenant", tenant.map(TenantId::value).orElse(null))
            .param("subject", subject.value())
            .query(Integer.class)
            .single()
        == 1;
  }

  /// What whoever has this address is called in the tenant: what they were called before they left,
  /// or else the first of `wanted`, `wanted-2`, ... that nobody is or was called.
  SubjectId subjectFor(TenantId tenant, MailAddress address, SubjectId wanted) {
    return before(tenant, address).orElseGet(() -> free(tenant, wanted));
  }

  private Optional<SubjectId> before(TenantId tenant, MailAddress address) {
    return jdbc.sql("select subject from person where tenant_id = ? and address = ?")
        .params(tenant.value(), address.value())
        .query((row, n) -> new SubjectId(row.getString("subject")))
        .optional();
  }

  private SubjectId free(TenantId tenant, SubjectId wanted) {
    var free = wanted;
    for (int n = 2; isTaken(tenant, free); n++) {
      free = new SubjectId(wanted + "-" + n);
    }
    return free;
  }

  private boolean isTaken(TenantId tenant, SubjectId subject) {
    return jdbc.sql("select exists (select 1 from person where tenant_id = ? and subject = ?)")
        .params(tenant.value(), subject.value())
        .query(Boolean.class)
        .single();
  }

  /// All who get mail at this address and have not left.
  public List<Person> at(MailAddress address) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles from person
             where address = ? and left_at is null
             order by tenant_id nulls first
            """)
        .params(address.value())
        .query((row, n) -> Person.read(row))
        .list();
  }

  /// Those at this address who may prove it by a mailed code: nobody whom an issuer vouches for, or
  /// who was sent away there would still come in by their mail.
  List<Person> withCodesAt(MailAddress address) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles from person
             where address = ? and left_at is null and issuer is null
             order by tenant_id nulls first
            """)
        .params(address.value())
        .query((row, n) -> Person.read(row))
        .list();
  }

  /// The provider's person of this name.
  public Optional<Person> provider(SubjectId subject) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles from person
             where tenant_id is null and subject = ? and left_at is null
            """)
        .params(subject.value())
        .query((row, n) -> Person.read(row))
        .optional();
  }

  /// This tenant's people, or the provider's.
  public List<Person> of(Optional<TenantId> tenant) {
    return jdbc.sql(
            """
            select id, tenant_id, subject, address, name, roles from person
             where tenant_id is not distinct from ?::text and left_at is null
             order by subject
            """)
        .param(tenant.map(TenantId::value).orElse(null))
        .query((row, n) -> Person.read(row))
        .list();
  }
}
