package org.openlockbox.gateway.fence;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// One table that engineers may see: whose rows, which columns are masked at the `masked` level,
/// which columns do not exist at any level.
public record TableSpec(
    TableName name, RowScope scope, SortedMap<String, Mask> masks, SortedSet<String> hidden) {

  public TableSpec {
    masks = Collections.unmodifiableSortedMap(new TreeMap<>(masks));
    hidden = Collections.unmodifiableSortedSet(new TreeSet<>(hidden));
  }

  TableSpec(TableName name, RowScope scope, Map<String, Mask> masks, Set<String> hidden) {
    this(name, scope, new TreeMap<>(masks), (SortedSet<String>) new TreeSet<>(hidden));
  }

  public boolean shared() {
    return scope instanceof RowScope.Shared;
  }
}
