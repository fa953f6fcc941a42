package org.openlockbox.core.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.subject.Engineer;

/// One thing that rules look at, cut where some rule cuts it: of every class of values that all
/// rules treat alike there is one [ValueClass].
record Dimension(List<ValueClass> parts) {
  /// Values that all rules treat alike: in words, and which rules they match.
  record ValueClass(String words, BitSet rules) {
    ValueClass {
      rules = (BitSet) rules.clone();
    }
  }

  Dimension {
    parts = List.copyOf(parts);
  }

  private static <T> Dimension cut(
      List<Rule> rules,
      Collection<T> values,
      Function<T, String> words,
      BiPredicate<Match, T> holds) {
    var parts = new LinkedHashMap<BitSet, String>();
    for (var value : values) {
      parts.putIfAbsent(matching(rules, value, holds), words.apply(value));
    }
    return new Dimension(
        parts.entrySet().stream()
            .map(part -> new ValueClass(part.getValue(), part.getKey()))
            .toList());
  }

  /// The rules that this value matches.
  static <T> BitSet matching(List<Rule> rules, T value, BiPredicate<Match, T> holds) {
    var matching = new BitSet(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      matching.set(i, holds.test(rules.get(i).match(), value));
    }
    return matching;
  }

  /// All but purpose and level, the narrowest first.
  static List<Dimension> others(List<Rule> rules) {
    var found = new ArrayList<Dimension>();
    found.add(
        cut(
            rules,
            List.of(true, false),
            own -> own ? "own ticket" : "no own ticket",
            (match, own) -> own || !match.ownTicket()));
    found.add(
        cut(
            rules,
            List.of(Engineer.EngineerKind.values()),
            Engineer.EngineerKind::word,
            (match, kind) -> anyOf(match.kinds(), kind)));
    found.add(
        cut(
            rules,
            List.of(Profile.values()),
            Profile::word,
            (match, profile) -> match.profile().filter(asks -> asks != profile).isEmpty()));
    found.add(durations(rules));
    found.add(named(rules, match -> match.resources().stream().map(Object::toString).toList()));
    found.add(named(rules, Match::countries));
    found.add(named(rules, Match::employers));
    found.add(hours(rules));
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).when().isPresent()) {
        found.add(condition(rules, i));
      }
    }
    return found;
  }

  private static Dimension durations(List<Rule> rules) {
    var ends = new TreeSet<Duration>(List.of(Terms.LONGEST));
    rules.forEach(rule -> rule.match().longest().ifPresent(ends::add));
    return cut(
        rules,
        ends,
        longest -> "up to " + longest,
        (match, asked) -> match.longest().filter(most -> asked.compareTo(most) > 0).isEmpty());
  }

  private static Dimension named(List<Rule> rules, Function<Match, List<String>> names) {
    var values = new TreeSet<String>();
    rules.forEach(rule -> values.addAll(names.apply(rule.match())));
    var all = Stream.concat(values.stream(), Stream.of("any other")).toList();
    return cut(rules, all, value -> value, (match, value) -> anyOf(names.apply(match), value));
  }

  private static <T> boolean anyOf(List<T> items, T value) {
    return items.isEmpty() || items.contains(value);
  }

  /// The instants of a week in January and of one in July at which some rule's hours begin or end.
  private static Dimension hours(List<Rule> rules) {
    var instants = new TreeSet<Instant>(List.of(Instant.parse("2026-01-14T00:00:00Z")));
    for (var monday : List.of(LocalDate.of(2026, 1, 12), LocalDate.of(2026, 7, 13))) {
      for (var rule : rules) {
        for (var shift : rule.match().hours().stream().toList()) {
          monday
              .datesUntil(monday.plusDays(8))
              .flatMap(date -> Stream.of(date.atTime(shift.from()), date.atTime(shift.to())))
              .forEach(local -> instants.add(local.atZone(shift.zone()).toInstant()));
        }
      }
    }
    return cut(
        rules,
        instants,
        instant -> "at " + instant,
        (match, instant) ->
            match.hours().filter(shift -> !Hours.of(shift).isOpenAt(instant)).isEmpty());
  }

  /// Whether the condition of the rule at this index holds, which no other rule looks at.
  private static Dimension condition(List<Rule> rules, int index) {
    var all = new BitSet(rules.size());
    all.set(0, rules.size());
    var others = (BitSet) all.clone();
    others.clear(index);
    var id = rules.get(index).id();
    return new Dimension(
        List.of(new ValueClass("when " + id, all), new ValueClass("when not " + id, others)));
  }
}
