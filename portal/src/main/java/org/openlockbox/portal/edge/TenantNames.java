package org.openlockbox.portal.edge;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What tenants are called on one page; each is looked up when the page first names it.
public final class TenantNames {
  private final Function<String, Optional<String>> find;
  private final Map<String, String> known = new HashMap<>();
  private final Function<Collection<String>, Map<String, String>> all;

  /// @param all looks up those of several tenants at once
  TenantNames(
      Function<String, Optional<String>> find,
      Function<Collection<String>, Map<String, String>> all) {
    this.find = find;
    this.all = all;
  }

  /// Ids alone.
  static TenantNames none() {
    return new TenantNames(_ -> Optional.empty(), _ -> Map.of());
  }

  /// Looks up the names of all tenants that a list is about to name, by one query.
  void learn(Collection<String> ids) {
    var unknown = ids.stream().filter(id -> !known.containsKey(id)).distinct().toList();
    if (unknown.size() > 1) {
      known.putAll(all.apply(unknown));
    }
  }

  /// The name; the id where none is known.
  public String of(String id) {
    return known.computeIfAbsent(id, one -> find.apply(one).orElse(one));
  }
}
