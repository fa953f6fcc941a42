package org.openlockbox.core.limits;

/// So many rows, and so many bytes of them: what of a grant's budgets was used, or is claimed.
public record Amount(long rows, long bytes) {
  public static final Amount NONE = new Amount(0, 0);

  public Amount {
    if (rows < 0 || bytes < 0) {
      throw new IllegalArgumentException("rows and bytes are 0 or more: " + rows + ", " + bytes);
    }
  }

  /// All that the limits allow; the largest numbers where they set no budget.
  public static Amount of(Limits limits) {
    return new Amount(limits.rowBudget().rows(), limits.byteBudget().bytes());
  }

  /// The sum; the largest number stands for everything beyond it.
  public Amount plus(Amount other) {
    return new Amount(sum(rows, other.rows), sum(bytes, other.bytes));
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /// What is left of this when `used` is gone; nothing below zero.
  public Amount less(Amount used) {
    return new Amount(Math.max(0, rows - used.rows), Math.max(0, bytes - used.bytes));
  }

  /// The smaller of each.
  public Amount atMost(Amount other) {
    return new Amount(Math.min(rows, other.rows), Math.min(bytes, other.bytes));
  }

  /// The larger of each.
  public Amount atLeast(Amount other) {
    return new Amount(Math.max(rows, other.rows), Math.max(bytes, other.bytes));
  }

  public boolean isWithin(Amount other) {
    return rows <= other.rows && bytes <= other.bytes;
  }
}
