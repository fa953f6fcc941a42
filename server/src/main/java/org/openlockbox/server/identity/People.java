package org.openlockbox.server.identity;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.SubjectId;
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
  public record Newcomer(
      Optional<TenantId> tenant,
      SubjectId subject,
      MailAddress address,
      String name,
      Set<Role> roles) {
    public Newcomer {
      roles = Set.copyOf(roles);
      boolean ofTenant = tenant.isPresent();
      if (roles.isEmpty()
          || roles.contains(Role.GATEWAY)
          || roles.stream().anyMatch(role -> role.isOfTenant() != ofTenant)) {
        throw new IllegalArgumentException(
            "approver, policy-admin, tenant-admin and auditor belong to a tenant; engineer,"
                + " reviewer and operator to none");
      }
    }
  }

  public Person add(Newcomer newcomer) {
    try {
      return jdbc.sql(
              """
              insert into person (tenant_id, subject, address, name, roles, created_at)
              values (?, ?, ?, ?, ?, ?)
              returning id, tenant_id, subject, address, name, roles
              """)
          .param(newcomer.tenant().map(TenantId::value).orElse(null))
          .param(newcomer.subject().value())
          .param(newcomer.address().value())
          .param(newcomer.name())
          .param(newcomer.roles().stream().map(Role::word).sorted().toArray(String[]::new))
          .param(clock.instant().atOffset(ZoneOffset.UTC))
          .query((row, n) -> Person.read(row))
          .single();
    } catch (DuplicateKeyException e) {
      throw Problem.conflict("person_exists", "there is a person with this id or address already");
    }
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
