package org.openlockbox.postgres.catalogue;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One table that engineers may see: whose rows, which columns are masked at the `masked` level,
/// which columns do not exist at any level, which columns somebody has looked at and found to hold
/// no masked value, where columns without a foreign key lead, and in which masked columns a session
/// may look for a value that it knows.
///
/// @param joinsParent whether its views name the link to the parent a second time, so that
///   PostgreSQL may begin with the tenant's parents instead of with the whole of this table
public record TableSpec(
    TableName name,
    RowScope scope,
    SortedMap<String, Mask> masks,
    SortedSet<String> hidden,
    SortedSet<String> unmasked,
    SortedMap<String, ReferenceTarget> references,
    SortedSet<String> lookups,
    boolean joinsParent) {

  public TableSpec {
    masks = Collections.unmodifiableSortedMap(new TreeMap<>(masks));
    hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
    unmasked = Collections.unmodifiableSortedSet(new TreeSet<>(unmasked));
    references = Collections.unmodifiableSortedMap(new TreeMap<>(references));
    lookups = Collections.unmodifiableSortedSet(new TreeSet<>(lookups));
  }

  /// The same table where the whole of it is one tenant's, and so is all that it leads to.
  TableSpec whole(TableName where, String tenant) {
    return new TableSpec(
        where,
        new RowScope.Whole(tenant),
        masks,
        hidden,
        unmasked,
        new TreeMap<>(),
        lookups,
        false);
  }

  /// The function by which sessions at level `masked` look for a value of a column.
  public String lookup(String column) {
    return "%s_by_%s".formatted(name.name(), column);
  }

  public boolean shared() {
    return scope instanceof RowScope.Shared;
  }
}
