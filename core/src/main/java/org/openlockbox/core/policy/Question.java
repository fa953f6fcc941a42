package org.openlockbox.core.policy;

import java.time.Instant;
import org.openlockbox.core.access.Submission;

/// What a policy is asked: this request, if it were decided now.
///
/// `at` is the time of the log entry that rests on the answer. `ownTicket` says whether the tenant
/// itself had signed for the request's ticket by then, for when the access would begin.
public record Question(Submission submission, Instant at, boolean ownTicket) {
  /// When the access would begin.
  public Instant start() {
    return submission.terms().startIfApprovedAt(at);
  }
}
