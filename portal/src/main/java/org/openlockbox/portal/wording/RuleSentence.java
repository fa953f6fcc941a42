package org.openlockbox.portal.wording;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.policy.Match;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.portal.edge.PageContext;

/// A rule of a policy in one sentence that is made from its conditions and its effect: nothing that
/// decides is left out, whatever the rule's author says of it.
public record RuleSentence(PageContext frame) {
  private static final Optional<Level> LOWEST = Optional.of(Level.METADATA);
  private static final Optional<Level> HIGHEST = Optional.of(Level.WRITE);

  /// `Requests for a ticket of yours, at most masked, for at most 1 hour: One approver has to
  /// sign.`
  public String of(Rule rule) {
    return frame.say("rule.sentence", about(rule), new PolicyWords(frame).effect(rule.effect()));
  }

  /// The same rule, which says this of itself.
  public Rule saying(Rule rule) {
    var text = of(rule);
    return new Rule(
        rule.id(),
        text.substring(0, Math.min(text.length(), Rule.LONGEST)),
        rule.match(),
        rule.when(),
        rule.effect());
  }

  private String about(Rule rule) {
    var match = rule.match();
    var conditions =
        Stream.of(
                list("rule.purposes", match.purposes(), one -> say("purpose." + one.word())),
                levels(match),
                match.longest().map(most -> say("rule.duration", frame.words().duration(most))),
                list("rule.resources", match.resources(), one -> one.value()),
                match.hours().map(shift -> say("rule.hours", frame.words().hours(Hours.of(shift)))),
                match.profile().map(one -> say("rule.profile." + one.word())),
                list("rule.kinds", match.kinds(), one -> say("rule.kind." + one.word())),
                list("rule.countries", match.countries(), frame.words()::country),
                list("rule.employers", match.employers(), one -> one),
                Optional.of("rule.ownTicket").filter(_ -> match.ownTicket()).map(this::say),
                rule.when().map(condition -> say("rule.when", condition.cel().strip())))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(", "));
    return conditions.isEmpty() ? say("rule.any") : say("rule.about", conditions);
  }

  private Optional<String> levels(Match match) {
    var least = match.atLeast().map(this::level);
    var most = match.atMost().map(this::level);
    if (least.isPresent() && (least.equals(most) || match.atLeast().equals(HIGHEST))) {
      return least.map(level -> say("rule.level", level));
    }
    if (match.atMost().equals(LOWEST)) {
      return most.map(level -> say("rule.level", level));
    }
    return least.isPresent() && most.isPresent()
        ? Optional.of(say("rule.level.between", least.get(), most.get()))
        : least
            .map(level -> say("rule.level.atLeast", level))
            .or(() -> most.map(level -> say("rule.level.atMost", level)));
  }

  private String level(Level level) {
    return say("level." + level.word());
  }

  private <T> Optional<String> list(String id, List<T> items, Function<T, String> word) {
    return items.isEmpty()
        ? Optional.empty()
        : Optional.of(
            say(
                id,
                items.stream().map(word).collect(Collectors.joining(" " + say("rule.or") + " "))));
  }

  private String say(String id, Object... arguments) {
    return frame.say(id, arguments);
  }
}
