package org.openlockbox.server.request;

import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.server.problem.Problem;

/// Which rule of which signed entry decided what is to happen with a request, and its sentence. For
/// people: what counts is the policy in the log.
public record RecordedRuling(long entry, RuleId rule, String says) {
  public static RecordedRuling of(Ruling.ByRule given) {
    return new RecordedRuling(given.entry(), given.rule(), given.says());
  }

  /// The server evaluates every condition, so it always has a ruling.
  public static Ruling.ByRule given(Ruling ruling) {
    return switch (ruling) {
      case Ruling.ByRule given -> given;
      case Ruling.NotEvaluable(var rule, var why) ->
          throw Problem.conflict("policy", "rule %s: %s".formatted(rule, why));
    };
  }
}
