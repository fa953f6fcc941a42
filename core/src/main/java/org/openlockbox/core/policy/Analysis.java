package org.openlockbox.core.policy;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;

/// What a policy can ever do, found by trying it: every [Dimension] is cut where some rule cuts it,
/// so all requests of one combination of parts are treated alike, and each combination is tried
/// once. A condition is taken to hold or not to hold, whatever it says.
public final class Analysis {
  /// The most combinations that are tried.
  private static final int MOST = 2_000_000;

  private final List<Rule> rules;
  private final List<Dimension> others;
  private final Set<RuleId> reached = new HashSet<>();
  private final Map<Purpose, Map<Level, Set<RuleId>>> table = new EnumMap<>(Purpose.class);
  private int tried;

  private Analysis(List<Rule> rules) {
    this.rules = rules;
    this.others = Dimension.others(rules);
  }

  public static Analysis of(Policy policy) {
    var analysis = new Analysis(policy.rules());
    analysis.run();
    return analysis;
  }

  private void run() {
    for (var purpose : Purpose.values()) {
      var row = new EnumMap<Level, Set<RuleId>>(Level.class);
      for (var level : Level.values()) {
        var both = Dimension.matching(rules, purpose, Analysis::isFor);
        both.and(Dimension.matching(rules, level, Analysis::isFor));
        var deciding = new LinkedHashSet<RuleId>();
        attempt(both, 0, deciding);
        row.put(level, deciding);
      }
      table.put(purpose, row);
    }
  }

  private static boolean isFor(Match match, Purpose purpose) {
    return match.purposes().isEmpty() || match.purposes().contains(purpose);
  }

  private static boolean isFor(Match match, Level level) {
    return match.atMost().filter(level::isWiderThan).isEmpty()
        && match.atLeast().filter(least -> least.isWiderThan(level)).isEmpty();
  }

  /// Goes through the parts of the dimensions from this one on, for the rules that still match.
  private void attempt(BitSet matching, int dimension, Set<RuleId> deciding) {
    if (matching.isEmpty() || dimension == others.size()) {
      tried++;
      var id = matching.isEmpty() ? RuleId.DEFAULT : rules.get(matching.nextSetBit(0)).id();
      reached.add(id);
      deciding.add(id);
      return;
    }
    for (var part : others.get(dimension).parts()) {
      if (tried >= MOST) {
        return;
      }
      var left = (BitSet) matching.clone();
      left.and(part.rules());
      attempt(left, dimension + 1, deciding);
    }
  }

  /// Whether every combination was tried. Where there were too many, [#decides] may be wrong about
  /// rules that it says decide nothing.
  public boolean isComplete() {
    return tried < MOST;
  }

  /// Whether there is a request about which this rule decides.
  public boolean decides(RuleId rule) {
    return reached.contains(rule);
  }

  /// The rules that decide about requests for this purpose and level.
  public Set<RuleId> deciding(Purpose purpose, Level level) {
    return Set.copyOf(table.getOrDefault(purpose, Map.of()).getOrDefault(level, Set.of()));
  }

  /// What can become of a request: this rule decides it in this way; without an effect it is the
  /// default, and the approvers are asked.
  public record PossibleOutcome(RuleId rule, Optional<Effect> effect) {
    /// In words that may be shown.
    public String words() {
      return "%s (%s)".formatted(effect.map(Effect::words).orElse("asked"), rule);
    }
  }

  /// What can become of requests for this purpose and level, in the order of the rules.
  public List<PossibleOutcome> outlook(Purpose purpose, Level level) {
    var ids = deciding(purpose, level);
    return Stream.concat(
            rules.stream()
                .filter(rule -> ids.contains(rule.id()))
                .map(rule -> new PossibleOutcome(rule.id(), Optional.of(rule.effect()))),
            Stream.of(new PossibleOutcome(RuleId.DEFAULT, Optional.empty()))
                .filter(outlook -> ids.contains(outlook.rule())))
        .toList();
  }

  /// The levels at which this rule decides about some request.
  Set<Level> levels(RuleId rule) {
    var levels = new HashSet<Level>();
    table
        .values()
        .forEach(
            row ->
                row.forEach(
                    (level, ids) -> {
                      if (ids.contains(rule)) {
                        levels.add(level);
                      }
                    }));
    return levels;
  }
}
