package org.openlockbox.core.limits;

/// The limits there are, in the order in which they are told.
public enum Limit {
  ROW_BUDGET("rowBudget", "rows"),
  BYTE_BUDGET("byteBudget", "bytes"),
  TABLES("tables", "tables"),
  STATEMENT_TIMEOUT("operationTimeout", "statement timeout"),
  IDLE_TIMEOUT("idleTimeout", "idle timeout"),
  SESSIONS("sessions", "sessions at once"),
  HOURS("hours", "hours"),
  PROFILE("profile", "profile"),
  STATEMENTS("statements", "statements"),
  SOFT_END("softEnd", "soft end");

  private final String word;
  private final String label;

  Limit(String word, String label) {
    this.word = word;
    this.label = label;
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
}
