package org.openlockbox.core.limits;

/// How many bytes of rows may reach the engineer under one grant, as the database sends them; or no
/// limit.
public record ByteBudget(long bytes) {
  /// No limit. Never written out: an absent member means this.
  public static final ByteBudget UNLIMITED = new ByteBudget(Long.MAX_VALUE);

  /// The largest number that may be written: 2^53 - 1, exact in every JSON reader.
  public static final long LARGEST = (1L << 53) - 1;

  public ByteBudget {
    if (bytes < 1 || (bytes > LARGEST && bytes != Long.MAX_VALUE)) {
      throw new IllegalArgumentException("a byte budget is 1 to 2^53-1 bytes, not " + bytes);
    }
  }

  public boolean isUnlimited() {
    return bytes == Long.MAX_VALUE;
  }

  public boolean isWiderThan(ByteBudget other) {
    return bytes > other.bytes;
  }

  public ByteBudget narrower(ByteBudget other) {
    return isWiderThan(other) ? other : this;
  }

  @Override
  public String toString() {
    return isUnlimited() ? "unlimited" : Long.toString(bytes);
  }
}
