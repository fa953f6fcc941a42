package org.openlockbox.portal.audit;

import java.util.Locale;
import org.openlockbox.core.operation.OutcomeStatus;

/// How an operation ended, for people who look for what was not allowed: a mistyped name is no
/// attack.
enum OutcomeKind {
  FINE,
  /// By its own mistake, or because its time was over.
  FAILED,
  /// The gateway or the protected service itself did not allow it.
  BLOCKED;

  static OutcomeKind of(OutcomeStatus status) {
    if (!status.isFailure()) {
      return FINE;
    }
    return switch (status.word()) {
      case "42501", "25006", "401", "403" -> BLOCKED;
      default -> FAILED;
    };
  }

  /// The worse of the two.
  OutcomeKind and(OutcomeKind other) {
    return compareTo(other) < 0 ? other : this;
  }

  /// `blocked`, in message ids and style classes.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
