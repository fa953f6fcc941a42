package org.openlockbox.server.api.tenant;

import java.util.List;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.policy.Analysis;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.server.policy.PolicyDrafts;
import org.openlockbox.server.request.RecordedRuling;

/// Policies and what they say as JSON (docs/policy.md).
public final class PolicyView {
  private PolicyView() {}

  /// A policy in its three forms: as it is signed, as people write it, and in sentences.
  public static Json.Object of(Policy policy, long since) {
    return Json.object()
        .put("entry", since)
        .put("policy", policy.toJson())
        .put("yaml", PolicyText.yaml(policy))
        .putTexts("says", policy.rules().stream().map(rule -> rule.says()).toList())
        .build();
  }

  public static Json.Object of(RecordedRuling ruled) {
    return Json.object()
        .put("entry", ruled.entry())
        .put("rule", ruled.rule().value())
        .put("says", ruled.says())
        .build();
  }

  public static Json.Object of(Ruling.ByRule given) {
    var json =
        Json.object()
            .put("entry", given.entry())
            .put("rule", given.rule().value())
            .put("says", given.says())
            .put("effect", given.effect().word())
            .put("words", given.effect().words());
    if (given.effect() instanceof Effect.Ask(var approvers)) {
      json.put("quorum", approvers.quorum());
      approvers.respondWithin().ifPresent(time -> json.put("respondWithin", time));
    }
    return json.build();
  }

  /// A text that is no policy.
  public static Json.Object of(List<PolicyText.TextProblem> problems) {
    return Json.object()
        .put(
            "problems",
            problems.stream()
                .map(
                    problem ->
                        Json.object()
                            .put("line", problem.line())
                            .put("column", problem.column())
                            .put("what", problem.what())
                            .build())
                .toList())
        .build();
  }

  public static Json.Object of(PolicyDrafts.DraftAnalysis look) {
    return Json.object()
        .put("problems", List.of())
        .put("policy", look.policy().toJson())
        .put("yaml", PolicyText.yaml(look.policy()))
        .put("findings", look.findings().stream().map(PolicyView::of).toList())
        .put("table", look.table().stream().map(PolicyView::of).toList())
        .put("replayed", look.replayed())
        .put("changed", look.changed().stream().map(PolicyView::of).toList())
        .put("sentence", look.sentence())
        .build();
  }

  private static Json.Object of(LintFinding finding) {
    return Json.object()
        .put("severity", finding.severity().word())
        .putIfPresent("rule", finding.rule().map(RuleId::value))
        .put("what", finding.what())
        .build();
  }

  private static Json.Object of(PolicyDrafts.OutlookRow row) {
    return Json.object()
        .put("purpose", row.purpose().word())
        .put("level", row.level().word())
        .putTexts("before", words(row.before()))
        .putTexts("after", words(row.after()))
        .put("changed", row.isChanged())
        .build();
  }

  private static List<String> words(List<Analysis.PossibleOutcome> outlooks) {
    return outlooks.stream().map(Analysis.PossibleOutcome::words).toList();
  }

  private static Json.Object of(PolicyDrafts.RulingChange changed) {
    return Json.object()
        .put("request", changed.request().value())
        .put("createTime", changed.createdAt())
        .put("state", changed.state().word())
        .put("before", of(changed.before()))
        .put("after", of(changed.after()))
        .build();
  }
}
