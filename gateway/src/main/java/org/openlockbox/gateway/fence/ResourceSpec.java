package org.openlockbox.gateway.fence;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;

/// One protected database as the catalogue describes it.
public record ResourceSpec(
    ResourceId id,
    String name,
    DatabaseAddress address,
    Tenancy tenancy,
    List<TableSpec> tables,
    SortedSet<TableName> hiddenTables,
    Unlisted unlisted,
    Catalogs catalogs,
    SortedSet<Level> levels,
    boolean providerReview,
    Duration decideWithin) {

  /// What a table that the catalogue names nowhere means. Engineers cannot see it either way.
  public enum Unlisted {
    /// A deviation: sessions are refused until somebody has decided about the table.
    REFUSE,
    /// Only a note in the check.
    NOTE
  }

  /// What sessions may read of PostgreSQL's own catalogs, which cannot be filtered by row.
  public enum Catalogs {
    /// Names, types and shapes of this database's objects; no other databases, roles, sessions,
    /// statistics, sizes or bodies.
    CLOSED,
    /// Everything that PostgreSQL lets everybody read. Each check warns.
    OPEN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ResourceSpec {
    tables = List.copyOf(tables);
    hiddenTables = Collections.unmodifiableSortedSet(new TreeSet<>(hiddenTables));
    levels = Collections.unmodifiableSortedSet(new TreeSet<>(levels));
  }

  public Optional<TableSpec> table(TableName wanted) {
    return tables.stream().filter(table -> table.name().equals(wanted)).findFirst();
  }

  /// The reference tables that every tenant's engineer sees whole; approvers are shown this list.
  public List<TableName> sharedTables() {
    return tables.stream().filter(TableSpec::shared).map(TableSpec::name).toList();
  }

  /// The schemas of the application that the catalogue reaches into.
  SortedSet<String> schemas() {
    var schemas = new TreeSet<String>();
    tables.forEach(table -> schemas.add(table.name().schema()));
    return schemas;
  }

  /// SHA-256 (hex) over everything that the catalogue says about this resource; every session-open
  /// entry names it.
  public String digest() {
    return CatalogueDigest.whole(this);
  }

  /// SHA-256 (hex) over the part that the SQL of the fence depends on; the fence remembers it, so
  /// that a fence older than its catalogue is seen. Host, port and tenant values may change without
  /// it.
  String fenceDigest() {
    return CatalogueDigest.fence(this);
  }
}
