package org.openlockbox.postgres.catalogue;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.openlockbox.core.tenant.TenantId;

/// How one database server tells its tenants apart. A tenant that is not named here cannot be
/// reached at all.
public sealed interface Tenancy {
  /// A column of each table, or of the parent that a row points to, holds the tenant.
  ///
  /// @param values the tenants that the catalogue names
  /// @param lookup a query that answers each tenant's id and its value; whoever is not named is
  ///   looked up with it, in the protected database itself
  record ByColumn(String column, SortedMap<String, String> values, Optional<String> lookup)
      implements Tenancy {
    public ByColumn {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
  }

  /// Each tenant has a schema of its own, with the same tables in each.
  record BySchema(SortedMap<String, String> schemas) implements Tenancy {
    public BySchema {
      schemas = Collections.unmodifiableSortedMap(new TreeMap<>(schemas));
    }
  }

  /// Each tenant has a database of its own on this server, with the same tables in each.
  record ByDatabase(SortedMap<String, String> databases) implements Tenancy {
    public ByDatabase {
      databases = Collections.unmodifiableSortedMap(new TreeMap<>(databases));
    }
  }

  /// What the binding of a session says for the tenant: the value of the column, the schema, or the
  /// tenant's own id in a database that is the tenant's alone. Empty for one that has to be looked
  /// up.
  default Optional<String> valueOf(TenantId tenant) {
    return switch (this) {
      case ByColumn own -> Optional.ofNullable(own.values().get(tenant.value()));
      case BySchema own -> Optional.ofNullable(own.schemas().get(tenant.value()));
      case ByDatabase own ->
          own.databases().containsKey(tenant.value())
              ? Optional.of(tenant.value())
              : Optional.empty();
    };
  }

  /// The tenants' places: column values, schemas or databases.
  default Map<String, String> places() {
    return switch (this) {
      case ByColumn own -> own.values();
      case BySchema own -> own.schemas();
      case ByDatabase own -> own.databases();
    };
  }
}
