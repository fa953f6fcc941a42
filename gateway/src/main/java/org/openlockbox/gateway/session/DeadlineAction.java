package org.openlockbox.gateway.session;

/// What the time asks of a session now.
public sealed interface DeadlineAction {
  /// To go on.
  record Nothing() implements DeadlineAction {}

  /// To tell the client something and go on.
  record Telling(String message, String hint) implements DeadlineAction {}

  /// To stop the statement that runs, and to tell the client why.
  record Cancelling(String message, String hint) implements DeadlineAction {}

  /// To let the statement that runs come to its end, and nothing else.
  record Finishing() implements DeadlineAction {}

  record Ending(EndReason reason, ClientWords tell) implements DeadlineAction {}
}
