package org.openlockbox.portal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.RuleSentence;
import org.openlockbox.server.problem.Problem;

/// What somebody sent of the draft of a policy: the form, the text, or one of the modes. `base` is
/// the entry of the policy that they began with.
record DraftForm(Map<String, List<String>> sent) {
  /// In which spelling the draft is.
  sealed interface DraftSource {
    record FormDraft(PolicyForm form) implements DraftSource {}

    record TextDraft(String text) implements DraftSource {}
  }

  private String value(String name) {
    return sent.getOrDefault(name, List.of()).stream().findFirst().orElse("");
  }

  String action() {
    return value("do");
  }

  /// What a rule that is added begins with.
  RuleTemplate template() {
    return RuleTemplate.of(value("template"));
  }

  /// Empty if the page does not say which policy it was made from.
  OptionalLong base() {
    var base = value("base");
    return base.matches("\\d{1,15}") ? OptionalLong.of(Long.parseLong(base)) : OptionalLong.empty();
  }

  /// The one word that the policy becomes, if that is what was sent: all but its rules stays.
  Optional<DraftSource> mode(Policy now) {
    return Optional.of(value("onlyMode"))
        .filter(word -> !word.isEmpty())
        .map(DraftForm::mode)
        .map(
            mode ->
                new DraftSource.TextDraft(
                    PolicyText.yaml(
                        new Policy(
                            Optional.of(mode),
                            List.of(),
                            now.groups(),
                            now.escalation(),
                            now.absences(),
                            now.ticketKeys()))));
  }

  private static Mode mode(String word) {
    try {
      return Mode.parse(word);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("mode is one of those offered");
    }
  }

  DraftSource written() {
    return sent.containsKey("text")
        ? new DraftSource.TextDraft(value("text").replace("\r\n", "\n"))
        : new DraftSource.FormDraft(PolicyForm.read(sent));
  }

  /// Reads a draft strictly, its conditions included.
  static FormResult<Policy, DraftFault> read(PageContext frame, DraftSource written) {
    var conditions = new CelConditions();
    return switch (written) {
      case DraftSource.TextDraft(var text) ->
          switch (new PolicyText(conditions).read(text)) {
            case PolicyText.Read.Good(var policy) -> new FormResult.Usable<>(policy);
            case PolicyText.Read.Bad(var problems) ->
                new FormResult.Faulty<>(
                    problems.stream().map(one -> DraftFault.of(one, text)).toList());
          };
      case DraftSource.FormDraft(var form) -> read(frame, form, conditions);
    };
  }

  private static FormResult<Policy, DraftFault> read(
      PageContext frame, PolicyForm form, Conditions conditions) {
    var unreadable = form.unreadable();
    if (!unreadable.isEmpty()) {
      return new FormResult.Faulty<>(
          unreadable.entrySet().stream()
              .map(one -> DraftFault.said(one.getKey(), one.getValue()))
              .toList());
    }
    try {
      var policy = said(frame, Policy.parse(form.json()));
      var mistakes = mistakes(policy.ownRules(), conditions);
      return mistakes.isEmpty()
          ? new FormResult.Usable<>(policy)
          : new FormResult.Faulty<>(mistakes);
    } catch (MalformedJson e) {
      return FormResult.Faulty.because(DraftFault.of(e));
    }
  }

  /// A rule whose author wrote no sentence says what its conditions say.
  private static Policy said(PageContext frame, Policy policy) {
    var words = new RuleSentence(frame);
    return new Policy(
        policy.mode(),
        policy.ownRules().stream()
            .map(rule -> rule.says().equals(FormPart.UNSAID) ? words.saying(rule) : rule)
            .toList(),
        policy.groups(),
        policy.escalation(),
        policy.absences(),
        policy.ticketKeys());
  }

  private static List<DraftFault> mistakes(List<Rule> rules, Conditions conditions) {
    var places = new ArrayList<DraftFault>();
    for (int i = 0; i < rules.size(); i++) {
      var path = "rules[%d].when".formatted(i);
      rules
          .get(i)
          .when()
          .flatMap(conditions::mistake)
          .ifPresent(
              mistake ->
                  places.add(
                      DraftFault.inForm(
                          path,
                          "line %d, column %d: %s"
                              .formatted(mistake.line(), mistake.column(), mistake.what()))));
    }
    return places;
  }
}
