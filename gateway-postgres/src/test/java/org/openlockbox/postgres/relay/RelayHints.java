package org.openlockbox.postgres.relay;

import java.util.Optional;

/// The relay's next steps, for tests that compare what clients are told.
public final class RelayHints {
  private RelayHints() {}

  /// The step after a right was denied to this; empty where the fence may grant it.
  public static Optional<String> afterDenial(String denied) {
    return DenialHints.hint(denied);
  }
}
