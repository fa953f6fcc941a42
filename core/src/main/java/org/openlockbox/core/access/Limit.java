package org.openlockbox.core.access;

/// The limits there are, in the order in which they are told.
public enum Limit {
  ROW_BUDGET("rowBudget", "rows", Refusal.ROW_BUDGET_WIDER),
  BYTE_BUDGET("byteBudget", "bytes", Refusal.BYTE_BUDGET_WIDER),
  TABLES("tables", "tables", Refusal.TABLES_WIDER),
  STATEMENT_TIMEOUT("operationTimeout", "statement timeout", Refusal.STATEMENT_TIMEOUT_WIDER),
  IDLE_TIMEOUT("idleTimeout", "idle timeout", Refusal.IDLE_TIMEOUT_WIDER),
  SESSIONS("sessions", "sessions at once", Refusal.SESSIONS_WIDER),
  HOURS("hours", "hours", Refusal.HOURS_WIDER),
  PROFILE("profile", "profile", Refusal.PROFILE_WIDER),
  STATEMENTS("statements", "statements", Refusal.STATEMENTS_WIDER),
  SOFT_END("softEnd", "soft end", Refusal.SOFT_END_WIDER);

  private final String word;
  private final String label;
  private final Refusal wider;

  Limit(String word, String label, Refusal wider) {
    this.word = word;
    this.label = label;
    this.wider = wider;
  }

  /// The member's name in documents.
  public String word() {
    return word;
  }

  /// Whether only SQL has it; the others are limits of every protocol.
  public boolean isOfSql() {
    return this == TABLES || this == PROFILE || this == STATEMENTS;
  }

  /// What people read before the value.
  public String label() {
    return label;
  }

  /// Why an approval that allows more of it than was asked is refused.
  public Refusal wider() {
    return wider;
  }
}
