package org.openlockbox.server.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// A tenant's people as its administrators look after them. The last administrator stays one,
/// whoever of them changes whom at the same time: without one only the provider could let somebody
/// in. Nothing here touches a key: those are for the tenant's approvers to sign.
public final class TenantPeople {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final People people;
  private final PersonChangeNotice telling;

  public TenantPeople(
      JdbcClient jdbc, TransactionTemplate transaction, People people, PersonChangeNotice telling) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.people = people;
    this.telling = telling;
  }

  /// Tells the tenant of a change; called inside the transaction that makes it.
  @FunctionalInterface
  public interface PersonChangeNotice {
    void changed(TenantId tenant, SubjectId who, Set<Role> roles, SubjectId by);
  }

  /// What came of a change.
  public enum PersonChangeResult {
    DONE,
    /// There is nobody with this id.
    NOBODY,
    /// Nobody else of the tenant is an administrator.
    LAST_ADMINISTRATOR
  }

  /// Those whom the tenant's own sign-in vouches for: it gives their roles again when it is next
  /// asked.
  public Set<SubjectId> vouchedFor(TenantId tenant) {
    return new HashSet<>(
        jdbc.sql(
                """
                select subject from person
                 where tenant_id = ? and left_at is null and issuer is not null
                """)
            .param(tenant.value())
            .query((row, n) -> new SubjectId(row.getString("subject")))
            .list());
  }

  /// Gives somebody other roles of a tenant, from their next call on.
  public PersonChangeResult change(TenantId tenant, SubjectId who, Set<Role> roles, SubjectId by) {
    return within(tenant, who, roles, by, () -> people.change(Optional.of(tenant), who, roles));
  }

  /// Removes somebody as [People#remove] does.
  public PersonChangeResult remove(TenantId tenant, SubjectId who, SubjectId by) {
    return within(tenant, who, Set.of(), by, () -> people.remove(Optional.of(tenant), who));
  }

  private PersonChangeResult within(
      TenantId tenant, SubjectId who, Set<Role> roles, SubjectId by, BooleanSupplier change) {
    return Objects.requireNonNull(
        transaction.execute(
            _ -> {
              if (administrators(tenant).equals(List.of(who))
                  && !roles.contains(Role.TENANT_ADMIN)) {
                return PersonChangeResult.LAST_ADMINISTRATOR;
              }
              if (!change.getAsBoolean()) {
                return PersonChangeResult.NOBODY;
              }
              telling.changed(tenant, who, roles, by);
              return PersonChangeResult.DONE;
            }));
  }

  /// Holds all of them until the transaction ends, so that two who remove each other take turns.
  private List<SubjectId> administrators(TenantId tenant) {
    return jdbc.sql(
            """
            select subject from person
             where tenant_id = ? and left_at is null and 'tenant-admin' = any (roles)
             order by id
               for update
            """)
        .param(tenant.value())
        .query((row, n) -> new SubjectId(row.getString("subject")))
        .list();
  }
}
