package org.openlockbox.gateway.session;

import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;

/// What the time asks of a session now.
public sealed interface DeadlineAction {
  /// To go on.
  record GoOn() implements DeadlineAction {}

  /// To tell the client something and go on.
  record NotifyClient(String message, String hint) implements DeadlineAction {}

  /// To stop the operation that runs, and to tell the client why.
  record CancelOperation(String message, String hint) implements DeadlineAction {}

  /// To let the operation that runs come to its end, and nothing else.
  record LetFinish() implements DeadlineAction {}

  record EndSession(EndReason reason, ClientNotice tell) implements DeadlineAction {}
}
