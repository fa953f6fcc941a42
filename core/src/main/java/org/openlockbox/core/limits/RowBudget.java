package org.openlockbox.core.limits;

/// How many rows may reach the engineer under one grant; or no limit.
public record RowBudget(long rows) {
  /// No limit. Never written out: an absent member means this.
  public static final RowBudget UNLIMITED = new RowBudget(Long.MAX_VALUE);

  /// The largest number that may be written: 2^53 - 1, exact in every JSON reader.
  public static final long LARGEST = (1L << 53) - 1;

  public RowBudget {
    if (rows < 1 || (rows > LARGEST && rows != Long.MAX_VALUE)) {
      throw new IllegalArgumentException("a row budget is 1 to 2^53-1 rows, not " + rows);
    }
  }

  public boolean isUnlimited() {
    return rows == Long.MAX_VALUE;
  }

  public boolean isWiderThan(RowBudget other) {
    return rows > other.rows;
  }

  public RowBudget narrower(RowBudget other) {
    return isWiderThan(other) ? other : this;
  }

  @Override
  public String toString() {
    return isUnlimited() ? "unlimited" : Long.toString(rows);
  }
}
