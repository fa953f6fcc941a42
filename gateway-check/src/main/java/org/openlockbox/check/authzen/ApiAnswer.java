package org.openlockbox.check.authzen;

import java.util.List;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.gateway.gate.Clearance;

/// What an endpoint answers.
///
/// @param clearances all have to be open when it is sent
record ApiAnswer(Json.Object json, List<Clearance> clearances) {
  ApiAnswer {
    clearances = List.copyOf(clearances);
  }

  /// One that decides nothing.
  static ApiAnswer undecided(Json.Object json) {
    return new ApiAnswer(json, List.of());
  }
}
