package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.core.policy.Analysis;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.policy.PolicyDrafts;

/// Purposes, each with levels, whose requests are decided alike, by the policy in force as well as
/// by a draft.
public record PolicyLine(
    List<String> about,
    List<Analysis.PossibleOutcome> before,
    List<Analysis.PossibleOutcome> after) {
  public PolicyLine {
    about = List.copyOf(about);
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  private record OutlookPair(
      List<Analysis.PossibleOutcome> before, List<Analysis.PossibleOutcome> after) {}

  /// The whole table in as few lines as say it.
  static List<PolicyLine> of(PageContext frame, List<PolicyDrafts.OutlookRow> table) {
    var alike = new LinkedHashMap<OutlookPair, Map<Purpose, List<Level>>>();
    for (var row : table) {
      alike
          .computeIfAbsent(new OutlookPair(row.before(), row.after()), _ -> new LinkedHashMap<>())
          .computeIfAbsent(row.purpose(), _ -> new ArrayList<>())
          .add(row.level());
    }
    return alike.entrySet().stream()
        .map(
            one ->
                new PolicyLine(
                    about(frame, one.getValue()), one.getKey().before, one.getKey().after))
        .toList();
  }

  private static List<String> about(PageContext frame, Map<Purpose, List<Level>> levels) {
    var different = Set.copyOf(levels.values());
    if (levels.size() == Purpose.values().length && different.size() == 1) {
      return List.of(frame.say("policy.about.any", words(frame, different.iterator().next())));
    }
    return levels.entrySet().stream()
        .map(
            one ->
                frame.say(
                    "policy.about",
                    frame.say("policy.purpose." + one.getKey().word()),
                    words(frame, one.getValue())))
        .toList();
  }

  private static String words(PageContext frame, List<Level> levels) {
    return levels.stream()
        .map(level -> frame.say("level." + level.word()))
        .collect(Collectors.joining(", "));
  }

  public boolean isChanged() {
    return !before.equals(after);
  }
}
