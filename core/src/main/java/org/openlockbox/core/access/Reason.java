package org.openlockbox.core.access;

/// Why an engineer asks, in words for the tenant's approver: not blank, at most 2,000 characters.
public record Reason(String text) {
  public static final int LONGEST = 2000;

  public Reason {
    if (text.isBlank() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "reason is 1 to %d characters and not blank".formatted(LONGEST));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
