package org.openlockbox.core.access;

/// What came of asking the request machine to move.
public sealed interface Transition {
  /// It moved; store `to` and log the step in one transaction.
  record NewState(AccessRequest to) implements Transition {}

  /// It was too late for the step: the request has lapsed. Store that instead.
  record TooLate(AccessRequest.Lapsed to) implements Transition {}

  /// It did not move; nothing to store.
  record Refused(Refusal why) implements Transition {}
}
