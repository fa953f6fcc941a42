package org.openlockbox.server.request;

import java.util.Arrays;
import org.openlockbox.core.access.RequestState;

/// Where requests stand now, as a condition over their rows.
final class StateCondition {
  /// What waits for an answer.
  static final String PENDING = "state = 'pending' and decide_by > :now";

  /// What gives access.
  static final String APPROVED = "state = 'approved' and grant_not_after > :now";

  /// Neither.
  static final String OVER =
      """
      (state not in ('pending', 'approved') or state = 'pending' and decide_by <= :now
       or state = 'approved' and grant_not_after <= :now)
      """;

  private StateCondition() {}

  /// The condition that a request stands at this word now, whether or not anybody has written down
  /// that its time is over; written so that an index finds the few that wait or are open.
  static String condition(String word) {
    return Arrays.stream(RequestState.values())
        .filter(state -> state.word().equals(word))
        .findFirst()
        .map(StateCondition::condition)
        .orElse("false");
  }

  private static String condition(RequestState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case LAPSED -> "(state = 'lapsed' or state = 'pending' and decide_by <= :now)";
      case APPROVED -> APPROVED;
      case EXPIRED -> "(state = 'expired' or state = 'approved' and grant_not_after <= :now)";
      case DENIED, WITHDRAWN, COMPLETED, REVOKED, REMOVAL_FAILED ->
          "state = '%s'".formatted(state.word());
    };
  }
}
