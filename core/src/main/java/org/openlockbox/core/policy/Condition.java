package org.openlockbox.core.policy;

/// A condition of a rule, written in CEL. What it means is for [Conditions] to say.
public record Condition(String cel) {
  /// The longest condition.
  public static final int LONGEST = 1000;

  public Condition {
    if (cel.isBlank() || cel.length() > LONGEST) {
      throw new IllegalArgumentException("a condition is 1 to 1000 characters");
    }
  }

  @Override
  public String toString() {
    return cel;
  }
}
