package org.openlockbox.postgres.catalogue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;

/// One protected database as the catalogue describes it.
public record ResourceSpec(
    ResourceId id,
    String name,
    DatabaseAddress address,
    Tenancy tenancy,
    List<TableSpec> tables,
    SortedSet<TableName> hiddenTables,
    SortedSet<String> unmasked,
    Unlisted unlisted,
    SortedSet<String> extensions,
    Catalogs catalogs,
    Filter filter,
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

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What holds the rows of a table to the bound tenant.
  public enum Filter {
    /// Policies where nobody but the table's owner holds rights on it, else views.
    AUTO,
    /// PostgreSQL's row-level security: views keep the speed of the table.
    POLICIES,
    /// Barrier views alone: nothing of the table changes. Joins and sorted pages are slower.
    VIEWS;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ResourceSpec {
    tables = List.copyOf(tables);
    hiddenTables = Collections.unmodifiableSortedSet(new TreeSet<>(hiddenTables));
    extensions = Collections.unmodifiableSortedSet(new TreeSet<>(extensions));
    levels = Collections.unmodifiableSortedSet(new TreeSet<>(levels));
  }

  public Optional<TableSpec> table(TableName wanted) {
    return tables.stream().filter(table -> table.name().equals(wanted)).findFirst();
  }

  /// The names, as the database has them, of what a session at this level finds in its schema.
  public Set<String> relations(Level level) {
    return level == Level.METADATA
        ? Levels.METADATA_RELATIONS
        : tables.stream().map(table -> table.name().name()).collect(Collectors.toUnmodifiableSet());
  }

  /// The functions by which a session at this level looks for masked values.
  public Set<String> lookups(Level level) {
    return level == Level.MASKED
        ? tables.stream()
            .flatMap(table -> table.lookups().stream().map(table::lookup))
            .collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  /// The reference tables that every tenant's engineer sees whole; approvers are shown this list.
  List<TableName> sharedTables() {
    return tables.stream().filter(TableSpec::shared).map(TableSpec::name).toList();
  }

  /// The tables as the views of each level show them.
  public List<ViewSet> viewSets() {
    if (!(tenancy instanceof Tenancy.BySchema own)) {
      return List.of(new ViewSet("", tables));
    }
    return own.schemas().values().stream()
        .map(
            place ->
                new ViewSet(
                    "__" + place,
                    tables.stream()
                        .filter(t -> t.shared() || t.scope().equals(new RowScope.Whole(place)))
                        .toList()))
        .toList();
  }

  /// The same resource in the database that is this tenant's alone; itself where tenants share one.
  /// Empty for a tenant without a place.
  public Optional<ResourceSpec> of(TenantId tenant) {
    boolean lookedUp = tenancy instanceof Tenancy.ByColumn own && own.lookup().isPresent();
    if (tenancy.valueOf(tenant).isEmpty() && !lookedUp) {
      return Optional.empty();
    }
    return Optional.of(
        switch (tenancy) {
          case Tenancy.ByColumn ignored -> this;
          case Tenancy.BySchema ignored -> this;
          case Tenancy.ByDatabase own -> alone(tenant.value(), own.databases());
        });
  }

  /// The resource in each database that it lies in.
  public List<ResourceSpec> places() {
    return switch (tenancy) {
      case Tenancy.ByColumn ignored -> List.of(this);
      case Tenancy.BySchema ignored -> List.of(this);
      case Tenancy.ByDatabase own ->
          own.databases().keySet().stream().map(tenant -> alone(tenant, own.databases())).toList();
    };
  }

  private ResourceSpec alone(String tenant, SortedMap<String, String> databases) {
    String database = Objects.requireNonNull(databases.get(tenant));
    return new ResourceSpec(
        id,
        name,
        address.withDatabase(database),
        new Tenancy.ByDatabase(new TreeMap<>(Map.of(tenant, database))),
        tables.stream().map(t -> t.shared() ? t : t.whole(t.name(), tenant)).toList(),
        hiddenTables,
        unmasked,
        unlisted,
        extensions,
        catalogs,
        filter,
        levels,
        providerReview,
        decideWithin);
  }

  /// The schemas of the application that the catalogue reaches into.
  public SortedSet<String> schemas() {
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
  public String fenceDigest() {
    return CatalogueDigest.fence(this);
  }
}
