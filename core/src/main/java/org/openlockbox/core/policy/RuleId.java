package org.openlockbox.core.policy;

import java.util.List;
import java.util.regex.Pattern;

/// Names one rule of a policy: 1 to 40 lower-case letters, digits and dashes, starting with a
/// letter.
public record RuleId(String value) {
  // Before the constants, which it checks.
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  /// No rule matched: the approvers are asked.
  public static final RuleId DEFAULT = new RuleId("default");

  /// The settings say that nobody gets access.
  public static final RuleId OFF = new RuleId("access-off");

  /// The settings say that everybody gets access, and that it is told.
  public static final RuleId AUDIT_ONLY = new RuleId("audit-only");

  public RuleId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("not the id of a rule: " + value);
    }
  }

  /// Whether the product itself gives rulings under this name, so that no rule can have it.
  boolean isReserved() {
    return List.of(DEFAULT, OFF, AUDIT_ONLY).contains(this);
  }

  @Override
  public String toString() {
    return value;
  }
}
