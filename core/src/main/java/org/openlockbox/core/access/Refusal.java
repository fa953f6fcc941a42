package org.openlockbox.core.access;

import org.openlockbox.core.limits.Limit;

/// Why the machine did not move. The words are the problem codes of the REST interface.
public enum Refusal {
  REQUESTERS_SIDE(
      "requesters_side", "whoever asks for access, reviews it or answers for it cannot approve it"),
  NOT_ASKED("not_asked", "the policy asks other approvers for this request"),
  POLICY_DENIES("policy_denies", "the tenant's policy denies this, whoever signs"),
  POLICY_ASKS("policy_asks", "the tenant's policy asks its approvers"),
  ALREADY_APPROVED_BY("already_approved_by", "this approver has already approved the request"),
  REVIEW_MISSING("review_missing", "a second person of the provider has to review it first"),
  REVIEW_NOT_NEEDED("review_not_needed", "this request needs no review"),
  ALREADY_REVIEWED("already_reviewed", "the review is done"),
  NOT_THE_REQUESTER("not_the_requester", "only the engineer who asked can do this"),
  LEVEL_WIDER("level_wider", "the level is higher than the one asked for"),
  TIME_WIDER("time_wider", "the time is longer or earlier than what was asked for"),
  ROW_BUDGET_WIDER("row_budget_wider", "the row budget is larger than the one asked for"),
  BYTE_BUDGET_WIDER("byte_budget_wider", "the byte budget is larger than the one asked for"),
  TABLES_WIDER("tables_wider", "a table was not asked for"),
  STATEMENT_TIMEOUT_WIDER(
      "statement_timeout_wider", "statements may take longer than was asked for"),
  IDLE_TIMEOUT_WIDER("idle_timeout_wider", "sessions may idle longer than was asked for"),
  SESSIONS_WIDER("sessions_wider", "there are more sessions at once than were asked for"),
  HOURS_WIDER("hours_wider", "the hours are not within those asked for"),
  PROFILE_WIDER("profile_wider", "the expert profile was not asked for"),
  STATEMENTS_WIDER("statements_wider", "a statement was not asked for"),
  SOFT_END_WIDER("soft_end_wider", "the end may come later than was asked for"),
  NOTHING_LEFT("nothing_left", "what the approvers allow together is nothing"),
  NOT_PENDING("not_pending", "the request is no longer pending"),
  NO_GRANT("no_grant", "the request was not approved"),
  NOT_YET("not_yet", "the time for this has not come");

  private final String word;
  private final String sentence;

  Refusal(String word, String sentence) {
    this.word = word;
    this.sentence = sentence;
  }

  public String word() {
    return word;
  }

  /// Why an approval that allows more of this than was asked is refused.
  public static Refusal wider(Limit limit) {
    return switch (limit) {
      case ROW_BUDGET -> ROW_BUDGET_WIDER;
      case BYTE_BUDGET -> BYTE_BUDGET_WIDER;
      case TABLES -> TABLES_WIDER;
      case STATEMENT_TIMEOUT -> STATEMENT_TIMEOUT_WIDER;
      case IDLE_TIMEOUT -> IDLE_TIMEOUT_WIDER;
      case SESSIONS -> SESSIONS_WIDER;
      case HOURS -> HOURS_WIDER;
      case PROFILE -> PROFILE_WIDER;
      case STATEMENTS -> STATEMENTS_WIDER;
      case SOFT_END -> SOFT_END_WIDER;
    };
  }

  /// What to tell a person.
  public String sentence() {
    return sentence;
  }
}
