package org.openlockbox.server.audit;

import org.openlockbox.core.canonical.EnumWords;

/// What came of a request, as people look for it: the states of requests, and approval by the
/// policy alone.
public enum AuditOutcome {
  PENDING("pending"),
  APPROVED("approved"),
  COMPLETED("completed"),
  EXPIRED("expired"),
  REVOKED("revoked"),
  DENIED("denied"),
  LAPSED("lapsed"),
  WITHDRAWN("withdrawn"),
  REMOVAL_FAILED("removalFailed"),
  /// Approved without asking anybody, whatever became of it.
  AUTOMATIC("automatic");

  private final String word;

  AuditOutcome(String word) {
    this.word = word;
  }

  public static AuditOutcome parse(String word) {
    return EnumWords.parse(values(), AuditOutcome::word, word, "outcome");
  }

  public String word() {
    return word;
  }
}
