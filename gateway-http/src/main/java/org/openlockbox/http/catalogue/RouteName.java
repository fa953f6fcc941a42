package org.openlockbox.http.catalogue;

import java.util.Optional;
import org.openlockbox.core.operation.HttpFacts;

/// What a route is called in the catalogue, in records and in policies: `tickets.list`. It may not
/// say anything of a customer, because it outlives an erasure.
public record RouteName(String value) {
  public RouteName {
    var _ = new HttpFacts(HttpFacts.OTHER, Optional.of(value)); // the log's own rule
  }

  @Override
  public String toString() {
    return value;
  }
}
