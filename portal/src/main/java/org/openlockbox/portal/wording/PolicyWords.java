package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.policy.Absence;
import org.openlockbox.core.policy.Analysis;
import org.openlockbox.core.policy.Approvers;
import org.openlockbox.core.policy.Caps;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Escalation;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Mode;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Rule;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.ui.Tone;
import org.openlockbox.server.policy.PolicyDrafts;

/// What policies say, in the reader's language. The sentence of a tenant's own rule stays in the
/// words of the tenant.
public record PolicyWords(PageContext frame) {

  /// What this rule says.
  public String says(Rule rule) {
    return says(rule.id(), rule.says());
  }

  /// What the rule of this name said when it ruled.
  public String says(RuleId rule, String sentence) {
    if (rule.equals(RuleId.OFF) || rule.equals(RuleId.AUDIT_ONLY)) {
      return frame.say("ruled." + rule);
    }
    return Mode.of(rule, sentence)
        .map(mode -> frame.say("mode." + mode.word() + ".says"))
        .orElse(sentence);
  }

  /// Which rule decides, by the name that stands beside it in the list of rules.
  public String decider(RuleId rule) {
    if (rule.equals(RuleId.OFF) || rule.equals(RuleId.AUDIT_ONLY)) {
      return frame.say("ruled." + rule);
    }
    return rule.equals(RuleId.DEFAULT)
        ? frame.say("policy.decider.none")
        : frame.say("policy.decider", rule);
  }

  /// What a rule does with what it is about.
  public String effect(Effect effect) {
    return switch (effect) {
      case Effect.Deny _ -> frame.say("effect.deny");
      case Effect.Approve(var caps) ->
          caps.equals(Caps.NONE)
              ? frame.say("effect.approve")
              : frame.say("effect.approve.caps", caps(caps));
      case Effect.Ask(var approvers) -> asked(approvers);
    };
  }

  /// The same in a word or two.
  public String badge(Effect effect) {
    return switch (effect) {
      case Effect.Deny _ -> frame.say("effect.badge.deny");
      case Effect.Approve _ -> frame.say("effect.badge.approve");
      case Effect.Ask(var approvers) -> frame.say("effect.badge.ask", approvers.quorum());
    };
  }

  /// Access that nobody is asked about stands out, and so does access that nobody gets.
  public Tone tone(Effect effect) {
    return switch (effect) {
      case Effect.Deny _ -> Tone.BAD;
      case Effect.Approve _ -> Tone.GOOD;
      case Effect.Ask _ -> Tone.NEWS;
    };
  }

  private String caps(Caps caps) {
    return Stream.of(
            caps.level().map(level -> frame.say("level." + level.word())),
            caps.duration().map(frame.words()::duration),
            caps.rows().map(most -> frame.say("limit.rowBudget", most.rows())),
            caps.hours()
                .map(shift -> frame.say("limit.hours", frame.words().hours(Hours.of(shift)))))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private String asked(Approvers approvers) {
    var words = new StringBuilder();
    words.append(
        approvers
            .group()
            .map(group -> frame.say("effect.ask.group", approvers.quorum(), group))
            .orElseGet(() -> frame.say("effect.ask.all", approvers.quorum())));
    approvers
        .atLeast()
        .forEach(
            few ->
                words.append(", ").append(frame.say("effect.ask.least", few.count(), few.group())));
    approvers
        .respondWithin()
        .ifPresent(
            time ->
                words
                    .append(", ")
                    .append(frame.say("effect.ask.within", frame.words().duration(time))));
    return words.append('.').toString();
  }

  /// A rule as one line: what its conditions and its effect say, then what its author says.
  public String rule(Rule rule) {
    return Stream.concat(Stream.of(sentence(rule)), note(rule).stream())
        .collect(Collectors.joining(" "));
  }

  /// What the conditions and the effect of a rule say.
  public String sentence(Rule rule) {
    return new RuleSentence(frame).of(rule);
  }

  /// What the author of a rule says of it, where that is not its sentence, in whichever language
  /// the portal has written it.
  public Optional<String> note(Rule rule) {
    return Optional.of(says(rule))
        .filter(says -> frame.inEachLanguage().noneMatch(one -> isSentence(one, rule, says)))
        .map(says -> frame.say("rule.note", says));
  }

  private static boolean isSentence(PageContext frame, Rule rule, String says) {
    return new RuleSentence(frame).of(rule).startsWith(says);
  }

  /// All that stands in a policy besides its rules, one line each.
  public List<String> people(Policy policy) {
    var lines = new ArrayList<String>();
    policy
        .groups()
        .forEach(
            (group, people) ->
                lines.add(
                    frame.say(
                        "policy.group",
                        group,
                        people.stream().map(frame::name).collect(Collectors.joining(", ")))));
    policy.escalation().map(this::escalation).ifPresent(lines::add);
    policy.absences().stream().map(this::absence).forEach(lines::add);
    policy
        .ticketKeys()
        .forEach(
            held ->
                lines.add(frame.say("policy.ticketKey", held.holder(), held.key().keyId().hex())));
    return lines;
  }

  private String escalation(Escalation step) {
    return frame.say(
        "policy.escalation", frame.words().duration(step.after()), step.group().value());
  }

  /// Who stands in for nobody any more once this policy takes the place of that one.
  public List<String> over(Policy before, Policy policy) {
    return before.absences().stream()
        .filter(absence -> !policy.absences().contains(absence))
        .map(absence -> frame.say("policy.absence.over", absence(absence)))
        .toList();
  }

  public String absence(Absence absence) {
    return frame.say(
        "policy.absence",
        frame.name(absence.standIn()),
        frame.name(absence.of()),
        frame.time(absence.window().notBefore()),
        frame.time(absence.window().notAfter()));
  }

  /// What can become of some requests, one line for each rule.
  public List<String> outlook(List<Analysis.PossibleOutcome> outlooks) {
    return outlooks.stream().map(one -> outlook(one, outlooks.size() > 1)).toList();
  }

  /// Of several outcomes each names what it depends on.
  private String outlook(Analysis.PossibleOutcome one, boolean several) {
    var effect = one.effect().map(this::effect).orElse(frame.say("effect.default"));
    if (one.rule().equals(RuleId.DEFAULT)) {
      return several ? frame.say("policy.outlook.otherwise", effect) : effect;
    }
    return several
        ? frame.say("policy.outlook.if", effect, one.rule())
        : "%s (%s)".formatted(effect, one.rule());
  }

  /// What stands out in a policy, one line each, errors first.
  public List<FindingLine> findings(List<LintFinding> findings) {
    return findings.stream()
        .sorted(Comparator.comparing(LintFinding::severity))
        .map(this::line)
        .toList();
  }

  private FindingLine line(LintFinding finding) {
    var severity = frame.say("policy.severity." + finding.severity().word());
    return new FindingLine(finding.severity(), severity + " " + finding(finding));
  }

  private String finding(LintFinding finding) {
    var what = frame.say("finding." + finding.kind().word(), finding.about().toArray());
    return finding.rule().map(rule -> frame.say("finding.rule", rule, what)).orElse(what);
  }

  /// Two policies compared, in as few lines as say it.
  public List<PolicyLine> table(List<PolicyDrafts.OutlookRow> table) {
    return PolicyLine.of(frame, table);
  }

  /// Where two policies do not decide alike, found by trying them, whatever they say of themselves.
  public List<String> changes(List<PolicyDrafts.OutlookRow> table) {
    return table(table).stream()
        .filter(PolicyLine::isChanged)
        .map(
            line ->
                frame.say(
                    "policy.change",
                    String.join("; ", line.about()),
                    String.join(" ", outlook(line.after())),
                    String.join(" ", outlook(line.before()))))
        .toList();
  }

  /// What stands in one and not in the other, one line each.
  public List<String> differences(Policy before, Policy after) {
    var lines = new ArrayList<String>();
    var old = members(before);
    var fresh = members(after);
    old.forEach(
        (name, value) -> {
          if (!fresh.containsKey(name)) {
            lines.add(frame.say("policy.gone", value));
          } else if (!value.equals(fresh.get(name))) {
            lines.add(frame.say("policy.changed", value, fresh.get(name)));
          }
        });
    fresh.forEach(
        (name, value) -> {
          if (!old.containsKey(name)) {
            lines.add(frame.say("policy.came", value));
          }
        });
    if (lines.isEmpty() && !before.equals(after)) {
      lines.add(frame.say("policy.reordered"));
    }
    return lines;
  }

  /// Each rule by its id, each group by its name, and everything else, as it is signed.
  private static Map<String, String> members(Policy policy) {
    var members = new LinkedHashMap<String, String>();
    policy
        .toJson()
        .members()
        .forEach(
            (name, value) -> {
              switch (value) {
                case Json.Array(var items) ->
                    items.forEach(item -> members.put(name + " " + name(item), text(name, item)));
                case Json.Object(var inner) ->
                    inner.forEach((key, item) -> members.put(name + " " + key, text(key, item)));
                case Json.Text _, Json.Number _, Json.Bool _, Json.Null _ ->
                    members.put(name, text(name, value));
              }
            });
    return members;
  }

  private static String name(Json item) {
    return item instanceof Json.Object(var members)
            && members.get("id") instanceof Json.Text(var id)
        ? id
        : CanonicalJson.text(item);
  }

  private static String text(String name, Json value) {
    return "%s %s".formatted(name, CanonicalJson.text(value));
  }
}
