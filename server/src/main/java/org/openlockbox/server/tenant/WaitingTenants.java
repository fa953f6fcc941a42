package org.openlockbox.server.tenant;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tenants that an operator created and that wait for their founders' signatures. They have people
/// who sign in, and nothing else: no log, no keyring, no access. Once founded, a tenant no longer
/// waits.
public final class WaitingTenants {
  private static final int LONGEST_NAME = 100;

  private final JdbcClient jdbc;
  private final Tenants tenants;
  private final InstantSource clock;

  public WaitingTenants(JdbcClient jdbc, Tenants tenants, InstantSource clock) {
    this.jdbc = jdbc;
    this.tenants = tenants;
    this.clock = clock;
  }

  /// One of them.
  public record WaitingTenant(TenantId id, String name) {}

  /// Lets the tenant wait; once more is the same, if it has the same name. It waits at least until
  /// the caller's transaction ends: a founding that came first is seen, a later one waits.
  public WaitingTenant begin(TenantId id, String name) {
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw Problem.malformed("the name of a tenant is 1 to 100 characters");
    }
    jdbc.sql(
            """
            insert into waiting_tenant (id, name, created_at) values (?, ?, ?)
            on conflict (id) do update set name = waiting_tenant.name
            """)
        .params(id.value(), name, clock.instant().atOffset(ZoneOffset.UTC))
        .update();
    if (tenants.find(id).isPresent()) {
      throw Problem.conflict("tenant_exists", "there is a tenant " + id + " already");
    }
    return find(id)
        .filter(waiting -> waiting.name.equals(name))
        .orElseThrow(
            () -> Problem.conflict("tenant_waits", id + " waits already, under another name"));
  }

  /// All that wait, by id.
  public List<WaitingTenant> all() {
    return jdbc.sql("select id, name from waiting_tenant order by id")
        .query(
            (row, n) -> new WaitingTenant(new TenantId(row.getString("id")), row.getString("name")))
        .list();
  }

  public Optional<WaitingTenant> find(TenantId id) {
    return jdbc.sql("select id, name from waiting_tenant where id = ?")
        .params(id.value())
        .query(
            (row, n) -> new WaitingTenant(new TenantId(row.getString("id")), row.getString("name")))
        .optional();
  }

  /// Refuses to found in another way a tenant whose people are about to found it themselves.
  public void needNone(TenantId id) {
    if (find(id).isPresent()) {
      throw Problem.conflict("tenant_waits", id + " waits to be founded by its own people");
    }
  }

  /// Locks the tenant that is about to be founded; whoever comes second finds it waiting no longer.
  public Optional<WaitingTenant> take(TenantId id) {
    return jdbc.sql("delete from waiting_tenant where id = ? returning id, name")
        .params(id.value())
        .query(
            (row, n) -> new WaitingTenant(new TenantId(row.getString("id")), row.getString("name")))
        .optional();
  }

  /// What the tenant is called, founded or not.
  public Optional<String> name(TenantId id) {
    return tenants.find(id).map(Tenants.Tenant::name).or(() -> find(id).map(WaitingTenant::name));
  }
}
