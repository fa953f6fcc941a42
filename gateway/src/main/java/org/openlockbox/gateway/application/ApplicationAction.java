package org.openlockbox.gateway.application;

import java.util.Optional;
import org.openlockbox.core.operation.HttpFacts;

/// What an action is called in the catalogue, in records and in policies: `orders.list`. It may not
/// say anything of a customer, because it outlives an erasure.
public record ApplicationAction(String value) {
  public ApplicationAction {
    var _ = new HttpFacts(HttpFacts.OTHER, Optional.of(value)); // the log's own rule
  }

  @Override
  public String toString() {
    return value;
  }
}
