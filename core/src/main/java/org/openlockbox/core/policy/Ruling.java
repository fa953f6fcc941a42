package org.openlockbox.core.policy;

/// What a tenant's policy says to one question.
public sealed interface Ruling {
  /// This rule of what was signed in the log entry `entry` decides; `says` is its sentence. Entry 0
  /// stands for a tenant that has signed no policy: its approvers are asked.
  record ByRule(long entry, RuleId rule, String says, Effect effect) implements Ruling {}

  /// The rule that decides cannot be evaluated in this program; `why` may be shown.
  record NotEvaluable(RuleId rule, String why) implements Ruling {}
}
