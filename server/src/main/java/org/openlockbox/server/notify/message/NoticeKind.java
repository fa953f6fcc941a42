package org.openlockbox.server.notify.message;

import java.util.Arrays;

/// What happened, in the word that programs are told. A word never changes its meaning.
public enum NoticeKind {
  REQUEST_CREATED("request.created", Topic.REQUESTS),
  REQUEST_APPROVAL("request.approval", Topic.REQUESTS),
  REQUEST_REMINDER("request.reminder", Topic.REQUESTS),
  REQUEST_ESCALATED("request.escalated", Topic.REQUESTS),
  REQUEST_QUESTION("request.question", Topic.REQUESTS),
  REQUEST_ANSWER("request.answer", Topic.REQUESTS),
  REQUESTS_GROUPED("request.grouped", Topic.REQUESTS),
  REQUEST_WITHDRAWN("request.withdrawn", Topic.REQUESTS),
  REQUEST_LAPSED("request.lapsed", Topic.REQUESTS),
  REQUEST_APPROVED("request.approved", Topic.DECISIONS),
  REQUEST_DENIED("request.denied", Topic.DECISIONS),
  GRANT_COMPLETED("grant.completed", Topic.ENDINGS),
  GRANT_EXPIRED("grant.expired", Topic.ENDINGS),
  GRANT_REVOKED("grant.revoked", Topic.ENDINGS),
  REMOVAL_FAILED("grant.removalFailed", Topic.ENDINGS),
  REMOVED("grant.removed", Topic.ENDINGS),
  SESSION_OPENED("session.opened", Topic.SESSIONS),
  SESSION_ENDED("session.ended", Topic.SESSIONS),
  KEYRING_CHANGED("keyring.changed", Topic.KEYRING),
  NOTIFICATIONS_CHANGED("notifications.changed", Topic.KEYRING),
  PEOPLE_CHANGED("people.changed", Topic.KEYRING),
  GATEWAY_AUTHORITY("gateway.authority", Topic.KEYRING),
  GATEWAY_REVOKED("gateway.revoked", Topic.KEYRING),
  LOG_RECOVERED("log.recovered", Topic.KEYRING),
  LOG_REFUSED("log.refused", Topic.KEYRING),
  CLOSING_RECORD("record.closing", Topic.RECORDS),
  MONTHLY_REPORT("report.monthly", Topic.RECORDS),
  DAILY_DIGEST("digest.daily", Topic.DIGEST),
  SIGN_IN("signIn", Topic.KEYRING),
  INVITATION("invitation", Topic.KEYRING),
  TEST("test", Topic.KEYRING);

  private final String word;
  private final Topic topic;

  NoticeKind(String word, Topic topic) {
    this.word = word;
    this.topic = topic;
  }

  public static NoticeKind parse(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a kind: " + word));
  }

  public String word() {
    return word;
  }

  public Topic topic() {
    return topic;
  }

  /// Whether the closing record, which follows when the last session is over, says the same. Who
  /// gets that one is spared this one. A revocation is told at once all the same.
  public boolean isInClosingRecord() {
    return this == GRANT_COMPLETED || this == GRANT_EXPIRED;
  }

  /// Whether what was said is forgotten as soon as it is said: a one-time code or link.
  public boolean isSecret() {
    return this == SIGN_IN || this == INVITATION;
  }
}
