package org.openlockbox.portal.edge;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What tenants are called on one page; each is looked up when the page first names it.
public final class TenantNames {
  private final Function<String, Optional<String>> find;
  private final Map<String, String> known = new HashMap<>();

  TenantNames(Function<String, Optional<String>> find) {
    this.find = find;
  }

  /// Ids alone.
  static TenantNames none() {
    return new TenantNames(_ -> Optional.empty());
  }

  /// The name; the id where none is known.
  public String of(String id) {
    return known.computeIfAbsent(id, one -> find.apply(one).orElse(one));
  }
}
