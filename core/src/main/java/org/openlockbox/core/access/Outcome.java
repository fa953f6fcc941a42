package org.openlockbox.core.access;

/// What came of asking the request machine to move.
public sealed interface Outcome {
  /// It moved; store `to` and log the step in one transaction.
  record Moved(AccessRequest to) implements Outcome {}

  /// It was too late for the step: the request has lapsed. Store that instead.
  record TooLate(AccessRequest.Lapsed to) implements Outcome {}

  /// It did not move; nothing to store.
  record Refused(Refusal why) implements Outcome {}
}
