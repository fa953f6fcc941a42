package org.openlockbox.core.limits;

/// How many sessions of one grant may be open at once, over all gateways; or no limit.
public record Concurrency(int sessions) {
  /// No limit. Never written out: an absent member means this.
  public static final Concurrency UNLIMITED = new Concurrency(Integer.MAX_VALUE);

  /// What a request asks for that names no number: enough for one person and a tool that opens a
  /// connection for each of its windows.
  public static final int USUAL = 4;

  /// The largest number that may be written.
  public static final int LARGEST = 1000;

  public Concurrency {
    if (sessions < 1 || (sessions > LARGEST && sessions != Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("1 to 1000 sessions at once, not " + sessions);
    }
  }

  public boolean isUnlimited() {
    return sessions == Integer.MAX_VALUE;
  }

  public boolean isWiderThan(Concurrency other) {
    return sessions > other.sessions;
  }

  public Concurrency narrower(Concurrency other) {
    return isWiderThan(other) ? other : this;
  }

  @Override
  public String toString() {
    return isUnlimited() ? "unlimited" : Integer.toString(sessions);
  }
}
