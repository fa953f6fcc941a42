package org.openlockbox.server.request;

import java.time.Instant;
import java.util.Locale;

/// What a list of requests holds, and in which order.
public enum ListKind {
  /// What waits for an answer, the shortest time left first.
  WAITING(StateCondition.PENDING, "decide_by"),
  /// What waits for the provider's second person, in the same order.
  REVIEW(StateCondition.PENDING + " and provider_review and reviewed_by is null", "decide_by"),
  /// What waits and of which the tenant's last question is not answered, in the same order.
  QUESTION(
      StateCondition.PENDING
          + """
           and (select c.side from request_comment c
                 where c.tenant_id = access_request.tenant_id and c.request_id = access_request.id
                 order by c.n desc limit 1) = 'tenant'
          """,
      "decide_by"),
  /// What gives access, what ends next first.
  OPEN(StateCondition.APPROVED, "grant_not_after"),
  /// What waits no more and gives no access, the newest request first.
  OVER(StateCondition.OVER, "created_at"),
  /// Of those what was decided or ended in the last two minutes, in the same order.
  RECENT(
      StateCondition.OVER
          + """
           and coalesce(ended_at, decided_at) > cast(:now as timestamptz) - interval '2 minutes'
          """,
      "created_at");

  private final String condition;
  private final String column;

  ListKind(String condition, String column) {
    this.condition = condition;
    this.column = column;
  }

  String condition() {
    return condition;
  }

  /// The column that the list is in order by.
  String column() {
    return column;
  }

  private boolean isNewestFirst() {
    return this == OVER || this == RECENT;
  }

  String direction() {
    return isNewestFirst() ? "desc" : "asc";
  }

  /// How a column of a later row of the list compares with one of an earlier row.
  String later() {
    return isNewestFirst() ? "<" : ">";
  }

  /// As addresses have it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The time of a request by which the list is in order.
  Instant at(StoredRequest stored) {
    return switch (this) {
      case WAITING, REVIEW, QUESTION -> stored.submission().decideBy();
      case OPEN -> EffectiveState.expires(stored.request());
      case OVER, RECENT -> stored.createdAt();
    };
  }
}
