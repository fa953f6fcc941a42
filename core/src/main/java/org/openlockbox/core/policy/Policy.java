package org.openlockbox.core.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;

/// What a tenant has decided beforehand, signed by a quorum of its approvers as one whole; the
/// newest policy replaces all that were before.
///
/// It is one [Mode], or rules of its own, of which the first that matches decides; where none does,
/// the approvers are asked. A rule of which nobody can say whether it matches, since its condition
/// has no value or a fact of the engineer is not known, is passed over, and no later rule approves:
/// what it would approve, the approvers are asked.
public record Policy(
    Optional<Mode> mode,
    List<Rule> ownRules,
    Map<GroupId, List<SubjectId>> groups,
    Optional<Escalation> escalation,
    List<Absence> absences,
    List<TicketKey> ticketKeys) {
  /// Of a tenant that has signed none: its approvers are asked.
  public static final Policy ASK = of(Mode.ASK);

  /// What it says where none of its rules matches.
  public static final String NO_RULE = "No rule is about this: the approvers are asked.";

  /// Why a rule that looks at facts of the engineer cannot be decided.
  private static final String NOT_KNOWN =
      "the provider does not say what the engineer would have to be for the rule";

  /// The most rules, groups, people in a group, absences and ticket keys.
  public static final int MOST = 100;

  private static final String WHAT = "policy";

  public Policy {
    ownRules = List.copyOf(ownRules);
    groups = copy(groups);
    absences = List.copyOf(absences);
    ticketKeys = List.copyOf(ticketKeys);
    require(mode.isEmpty() || ownRules.isEmpty(), "it has a mode or rules, not both");
    require(distinct(ownRules.stream().map(Rule::id)) == ownRules.size(), "a rule's id twice");
    var keys = ticketKeys.stream().map(ticketKey -> ticketKey.key().keyId());
    require(distinct(keys) == ticketKeys.size(), "a ticket key twice");
    for (int size : List.of(ownRules.size(), groups.size(), absences.size(), ticketKeys.size())) {
      require(size <= MOST, "more than 100 rules, groups, absences or ticket keys");
    }
    for (var named : named(ownRules, escalation)) {
      require(groups.containsKey(named), "there is no group " + named);
    }
  }

  /// The same while others are away.
  public Policy withAbsences(List<Absence> others) {
    return new Policy(mode, ownRules, groups, escalation, others, ticketKeys);
  }

  /// Nothing but a mode.
  public static Policy of(Mode mode) {
    return new Policy(
        Optional.of(mode), List.of(), Map.of(), Optional.empty(), List.of(), List.of());
  }

  private static Map<GroupId, List<SubjectId>> copy(Map<GroupId, List<SubjectId>> groups) {
    var copy = new TreeMap<GroupId, List<SubjectId>>();
    groups.forEach(
        (id, members) -> {
          require(Set.copyOf(members).size() == members.size(), "somebody twice in " + id);
          require(members.size() <= MOST, "more than 100 people in " + id);
          copy.put(id, List.copyOf(members));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static Set<GroupId> named(List<Rule> rules, Optional<Escalation> escalation) {
    var named = new HashSet<GroupId>();
    escalation.map(Escalation::group).ifPresent(named::add);
    for (var rule : rules) {
      if (rule.effect() instanceof Effect.Ask(var approvers)) {
        named.addAll(approvers.groups());
      }
    }
    return named;
  }

  private static long distinct(Stream<?> items) {
    return items.distinct().count();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// Reads a policy strictly; throws [org.openlockbox.core.canonical.MalformedJson].
  public static Policy parse(Json json) {
    return parse(Fields.of(json, WHAT));
  }

  /// As [#parse(Json)], as a member of something else.
  public static Policy parse(Fields fields) {
    return fields.whole(
        () -> {
          if (fields.has("mode") == fields.has("rules")) {
            throw fields.fault("a policy has either a 'mode' or 'rules'");
          }
          return new Policy(
              fields.optionalValue("mode", Mode::parse),
              fields.optionalObjects("rules").stream().map(Rule::parse).toList(),
              fields.optionalObject("groups").map(Policy::groups).orElse(Map.of()),
              fields.optionalObject("escalation").map(Escalation::parse),
              fields.optionalObjects("absences").stream().map(Absence::parse).toList(),
              fields.optionalObjects("ticketKeys").stream().map(TicketKey::parse).toList());
        });
  }

  private static Map<GroupId, List<SubjectId>> groups(Fields fields) {
    var groups = new LinkedHashMap<GroupId, List<SubjectId>>();
    return fields.whole(
        () -> {
          for (var name : fields.names()) {
            groups.put(new GroupId(name), fields.values(name, SubjectId::new));
          }
          return groups;
        });
  }

  /// Members that say nothing are left out.
  public Json.Object toJson() {
    var json = Json.object();
    mode.ifPresentOrElse(
        one -> json.put("mode", one.word()),
        () -> json.put("rules", ownRules.stream().map(Rule::toJson).toList()));
    if (!groups.isEmpty()) {
      var named = Json.object();
      groups.forEach(
          (id, members) ->
              named.putTexts(id.value(), members.stream().map(SubjectId::value).toList()));
      json.put("groups", named.build());
    }
    escalation.ifPresent(step -> json.put("escalation", step.toJson()));
    if (!absences.isEmpty()) {
      json.put("absences", absences.stream().map(Absence::toJson).toList());
    }
    if (!ticketKeys.isEmpty()) {
      json.put("ticketKeys", ticketKeys.stream().map(TicketKey::toJson).toList());
    }
    return json.build();
  }

  /// Its own rules, or those that its mode is short for.
  public List<Rule> rules() {
    return mode.map(Mode::rules).orElse(ownRules);
  }

  /// In words that may be shown: the mode, or the sentences of its rules.
  public String words() {
    return mode.map(Mode::word)
        .orElseGet(
            () ->
                ownRules.isEmpty()
                    ? "ask"
                    : ownRules.stream().map(Rule::says).collect(Collectors.joining(" ")));
  }

  /// What it says to a question; `entry` is where it was signed, `quorum` how many approvers are
  /// asked where no rule says so.
  public Ruling ruling(long entry, Question question, Conditions conditions, int quorum) {
    var ask = new Effect.Ask(Approvers.any(quorum));
    var unsure = "";
    for (var rule : rules()) {
      switch (holds(rule, question, conditions)) {
        case Conditions.Evaluation.BooleanResult(boolean holds) -> {
          if (holds && (unsure.isEmpty() || !(rule.effect() instanceof Effect.Approve))) {
            return new Ruling.ByRule(entry, rule.id(), rule.says(), rule.effect());
          }
          if (holds) {
            return new Ruling.ByRule(entry, RuleId.DEFAULT, unsure, ask);
          }
        }
        case Conditions.Evaluation.NoValue(var why) ->
            unsure =
                unsure.isEmpty()
                    ? "The approvers are asked: %s of %s.".formatted(why, rule.id())
                    : unsure;
        case Conditions.Evaluation.NotEvaluable(var why) -> {
          return new Ruling.NotEvaluable(rule.id(), why);
        }
      }
    }
    return new Ruling.ByRule(entry, RuleId.DEFAULT, unsure.isEmpty() ? NO_RULE : unsure, ask);
  }

  private static Conditions.Evaluation holds(Rule rule, Question question, Conditions conditions) {
    return switch (rule.match().holds(question)) {
      case NO -> new Conditions.Evaluation.BooleanResult(false);
      case UNKNOWN -> new Conditions.Evaluation.NoValue(NOT_KNOWN);
      case YES ->
          rule.when()
              .map(condition -> named(conditions.holds(condition, question)))
              .orElse(new Conditions.Evaluation.BooleanResult(true));
    };
  }

  private static Conditions.Evaluation named(Conditions.Evaluation answer) {
    return answer instanceof Conditions.Evaluation.NoValue(var why)
        ? new Conditions.Evaluation.NoValue("the condition has no value (%s)".formatted(why))
        : answer;
  }

  /// The members of a group, whoever stands in for them.
  List<SubjectId> listed(GroupId group) {
    return groups.getOrDefault(group, List.of());
  }

  /// Who is in a group at this time: its members, and who stands in for one of them.
  public Set<SubjectId> members(GroupId group, Instant at) {
    var members = listed(group);
    return Stream.concat(
            members.stream(),
            absences.stream()
                .filter(absence -> members.contains(absence.of()) && absence.window().contains(at))
                .map(Absence::standIn))
        .collect(Collectors.toSet());
  }

  /// The people that may decide at `at` about a request made at `asked`, where this group is asked:
  /// its members, those of the groups of which some are needed, and after a while those to whom it
  /// is escalated.
  public Set<SubjectId> asked(Approvers approvers, Instant asked, Instant at) {
    var late =
        escalation.filter(step -> !at.isBefore(asked.plus(step.after()))).map(Escalation::group);
    return Stream.concat(approvers.groups().stream(), late.stream())
        .flatMap(group -> members(group, at).stream())
        .collect(Collectors.toSet());
  }

  /// Whether a key may sign for tickets.
  public Optional<TicketKey> ticketKey(KeyId id) {
    return ticketKeys.stream().filter(held -> held.key().keyId().equals(id)).findFirst();
  }
}
