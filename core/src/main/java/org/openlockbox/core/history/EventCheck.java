package org.openlockbox.core.history;

import org.openlockbox.core.access.Refusal;

/// What came of taking one event into account.
public sealed interface EventCheck {
  /// The request stands elsewhere now.
  record NextState(VerifiedRequest next) implements EventCheck {}

  /// It was too late: the request has lapsed.
  record AlreadyLapsed(VerifiedRequest lapsed) implements EventCheck {}

  /// The machine does not allow it.
  record NotAllowed(Refusal why) implements EventCheck {}

  /// A signature or what it is bound to does not hold; `why` may be shown.
  record Unsigned(String why) implements EventCheck {}
}
