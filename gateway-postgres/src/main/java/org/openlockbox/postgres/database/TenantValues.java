package org.openlockbox.postgres.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.catalogue.Tenancy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which value the tenant column has in each tenant's rows: as the catalogue says, or as its query
/// finds in the protected database. What was found is kept for a minute; a tenant that is not there
/// is looked for again at once, but not more often than every two seconds.
///
/// A value is good for one tenant alone. Two tenants with one value, or a tenant with two, are
/// served neither. A tenant with open sessions keeps its value until they are over, and nobody else
/// gets that one meanwhile.
final class TenantValues {
  private static final Logger LOG = LoggerFactory.getLogger(TenantValues.class);
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final long FRESH_NANOS = 60_000_000_000L;
  private static final long AGAIN_NANOS = 2_000_000_000L;

  private final ResourceSpec spec;
  private final AdminPool pool;
  private final LongSupplier nanoTime;
  private final Map<String, BoundTenant> bound;
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private Map<String, String> found = Map.of();
  private boolean looked;
  private boolean failed;
  private long lookedAt;

  /// What the session of a role was opened with.
  record BoundTenant(String tenant, String value) {}

  /// @param bound the sessions' roles, each with its tenant
  TenantValues(
      ResourceSpec spec, AdminPool pool, Map<String, BoundTenant> bound, LongSupplier nanoTime) {
    this.spec = spec;
    this.pool = pool;
    this.bound = bound;
    this.nanoTime = nanoTime;
  }

  private Optional<String> query() {
    return spec.tenancy() instanceof Tenancy.ByColumn own ? own.lookup() : Optional.empty();
  }

  /// The value of this tenant; empty if the database has no rows of it, or that is not certain.
  Optional<String> of(TenantId tenant) {
    Optional<String> named = spec.tenancy().valueOf(tenant);
    return named.isPresent() ? named : query().flatMap(query -> lookedUp(query, tenant.value()));
  }

  /// Whether there are none for certain: false also where nobody could be asked.
  boolean hasNone(TenantId tenant) {
    return of(tenant).isEmpty() && !hasFailed();
  }

  private synchronized boolean hasFailed() {
    return failed;
  }

  private synchronized Optional<String> lookedUp(String query, String tenant) {
    long age = nanoTime.getAsLong() - lookedAt;
    if (!looked || age >= FRESH_NANOS || (!found.containsKey(tenant) && age >= AGAIN_NANOS)) {
      looked = true;
      lookedAt = nanoTime.getAsLong();
      look(query);
    }
    return Optional.ofNullable(found.get(tenant));
  }

  private void look(String query) {
    try {
      found = checked(pool.use(connection -> rows(connection, query)));
      failed = false;
      said.remove("failed");
    } catch (SQLException e) {
      failed = true;
      tell("failed", "tenants cannot be looked up, what was found before goes on: " + said(e));
    }
  }

  private static String said(SQLException e) {
    return DatabaseErrorText.of(e).line();
  }

  /// As a part of another query, so that it can only read, and has two columns.
  private static Map<String, Set<String>> rows(Connection connection, String query)
      throws SQLException {
    Map<String, Set<String>> rows = new HashMap<>();
    try (var statement = connection.createStatement();
        var answer =
            statement.executeQuery(
                """
                select tenant::text, value::text from (
                %s
                ) as lookup (tenant, value) where tenant is not null and value is not null
                """
                    .formatted(query))) {
      while (answer.next()) {
        String tenant = answer.getString(1);
        if (TENANT.matcher(tenant).matches()) {
          rows.computeIfAbsent(tenant, _ -> new HashSet<>()).add(answer.getString(2));
        }
      }
    }
    return rows;
  }

  private Map<String, String> checked(Map<String, Set<String>> rows) {
    Map<String, String> values = new HashMap<>();
    Map<String, Set<String>> tenants = new HashMap<>();
    rows.forEach(
        (tenant, each) -> {
          if (each.size() == 1) {
            String value = each.iterator().next();
            values.put(tenant, value);
            tenants.computeIfAbsent(value, _ -> new HashSet<>()).add(tenant);
          } else {
            tell("two " + tenant, "tenant " + tenant + " has two values and is not served");
          }
        });
    spec.tenancy().places().forEach((tenant, value) -> keep(values, tenant, value));
    Collection<BoundTenant> open = bound.values();
    tenants.forEach((value, all) -> refuseShared(values, value, all));
    open.forEach(each -> keepBound(values, each));
    return Map.copyOf(values);
  }

  private void refuseShared(Map<String, String> values, String value, Set<String> tenants) {
    if (tenants.size() > 1) {
      tenants.forEach(values::remove);
      tell(
          "shared " + value,
          "the tenants %s share a value; none of them is served".formatted(tenants));
    }
  }

  private void keepBound(Map<String, String> values, BoundTenant open) {
    String now = values.get(open.tenant());
    boolean elsewhere =
        values.entrySet().stream()
            .anyMatch(
                each ->
                    each.getValue().equals(open.value()) && !each.getKey().equals(open.tenant()));
    if (!open.value().equals(now) || elsewhere) {
      tell(
          "bound " + open.tenant(),
          "the value of tenant %s changed while sessions run; it counts once they are over"
              .formatted(open.tenant()));
    }
    keep(values, open.tenant(), open.value());
  }

  /// Whoever else has the value is not served.
  private static void keep(Map<String, String> values, String tenant, String value) {
    values.values().removeIf(value::equals);
    values.put(tenant, value);
  }

  private void tell(String about, String what) {
    if (said.add(about)) {
      LOG.error("{}: {}", spec.id(), what);
    }
  }
}
