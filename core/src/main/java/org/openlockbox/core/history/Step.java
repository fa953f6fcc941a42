package org.openlockbox.core.history;

import org.openlockbox.core.access.Refusal;

/// What came of taking one event into account.
public sealed interface Step {
  /// The request stands elsewhere now.
  record Taken(VerifiedRequest next) implements Step {}

  /// It was too late: the request has lapsed.
  record TooLate(VerifiedRequest lapsed) implements Step {}

  /// The machine does not allow it.
  record Refused(Refusal why) implements Step {}

  /// A signature or what it is bound to does not hold; `why` may be shown.
  record Unsigned(String why) implements Step {}
}
