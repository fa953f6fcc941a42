package org.openlockbox.portal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.policy.CelConditions;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.server.problem.Problem;

/// What somebody sent of the draft of a policy: the form, the text, or one of the modes. `base` is
/// the entry of the policy that they began with.
record DraftForm(Map<String, List<String>> sent) {
  /// In which spelling the draft is.
  sealed interface Written {
    record AsForm(PolicyForm form) implements Written {}

    record AsText(String text) implements Written {}
  }

  /// What came of reading it.
  sealed interface Read {
    record Good(Policy policy) implements Read {}

    record Bad(List<Place> places) implements Read {
      public Bad {
        places = List.copyOf(places);
      }
    }
  }

  private String value(String name) {
    return sent.getOrDefault(name, List.of()).stream().findFirst().orElse("");
  }

  String action() {
    return value("do");
  }

  long base() {
    var base = value("base");
    if (!base.matches("\\d{1,15}")) {
      throw Problem.malformed("the page does not say which policy it was made from");
    }
    return Long.parseLong(base);
  }

  /// The one word that the policy becomes, if that is what was sent: all but its rules stays.
  Optional<Written> mode(Policy now) {
    return Optional.of(value("onlyMode"))
        .filter(word -> !word.isEmpty())
        .map(DraftForm::mode)
        .map(
            mode ->
                new Written.AsText(
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

  Written written() {
    return sent.containsKey("text")
        ? new Written.AsText(value("text").replace("\r\n", "\n"))
        : new Written.AsForm(PolicyForm.read(sent));
  }

  /// Reads a draft strictly, its conditions included.
  static Read read(Written written) {
    var conditions = new CelConditions();
    return switch (written) {
      case Written.AsText(var text) ->
          switch (new PolicyText(conditions).read(text)) {
            case PolicyText.Read.Good(var policy) -> new Read.Good(policy);
            case PolicyText.Read.Bad(var problems) ->
                new Read.Bad(problems.stream().map(one -> Place.of(one, text)).toList());
          };
      case Written.AsForm(var form) -> read(form, conditions);
    };
  }

  private static Read read(PolicyForm form, Conditions conditions) {
    try {
      var policy = Policy.parse(form.json());
      var mistakes = mistakes(policy.ownRules(), conditions);
      return mistakes.isEmpty() ? new Read.Good(policy) : new Read.Bad(mistakes);
    } catch (MalformedJson e) {
      return new Read.Bad(List.of(Place.of(e)));
    }
  }

  private static List<Place> mistakes(List<Rule> rules, Conditions conditions) {
    var places = new ArrayList<Place>();
    for (int i = 0; i < rules.size(); i++) {
      var path = "rules[%d].when".formatted(i);
      rules
          .get(i)
          .when()
          .flatMap(conditions::mistake)
          .ifPresent(
              mistake ->
                  places.add(
                      Place.inForm(
                          path,
                          "line %d, column %d: %s"
                              .formatted(mistake.line(), mistake.column(), mistake.what()))));
    }
    return places;
  }
}
