package org.openlockbox.postgres.relay;

import java.util.Map;
import java.util.Set;
import org.openlockbox.postgres.wire.ParameterChange;
import org.openlockbox.postgres.wire.WireViolation;

/// Settings that stay in a session what they were at its login, because they decide how the
/// recorded text is read, or who the session is.
///
/// @param atLogin what the database reported then
record PinnedSettings(Map<String, String> atLogin) {
  private static final Set<String> NAMES =
      Set.of(
          "client_encoding",
          "standard_conforming_strings",
          "session_authorization",
          "is_superuser");

  /// The database reports a setting.
  void check(ParameterChange change) {
    if (NAMES.contains(change.name()) && !change.value().equals(atLogin.get(change.name()))) {
      throw new WireViolation(
          "the setting " + change.name() + " must not change in a session",
          "Connect again and leave it as it is: it decides how the recorded text is read.");
    }
  }
}
