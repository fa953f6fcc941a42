package org.openlockbox.postgres.catalogue;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One table that engineers may see: whose rows, which columns are masked at the `masked` level,
/// which columns do not exist at any level, and which columns somebody has looked at and found to
/// hold no masked value.
public record TableSpec(
    TableName name,
    RowScope scope,
    SortedMap<String, Mask> masks,
    SortedSet<String> hidden,
    SortedSet<String> unmasked) {

  public TableSpec {
    masks = Collections.unmodifiableSortedMap(new TreeMap<>(masks));
    hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
    unmasked = Collections.unmodifiableSortedSet(new TreeSet<>(unmasked));
  }

  /// The same table where the whole of it is one tenant's.
  TableSpec whole(TableName where, String tenant) {
    return new TableSpec(where, new RowScope.Whole(tenant), masks, hidden, unmasked);
  }

  public boolean shared() {
    return scope instanceof RowScope.Shared;
  }
}
