package org.openlockbox.core.policy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;

/// Who is asked: so many distinct approvers, of this group or of all, among them at least so many
/// of other groups; and how soon they have to answer. A request that nobody answered in time is
/// denied by that: it lapses.
public record Approvers(
    Optional<GroupId> group, int quorum, List<Minimum> atLeast, Optional<Duration> respondWithin) {
  /// At least so many of this group.
  public record Minimum(GroupId group, int count) {
    public Minimum {
      requireCount("count", count);
    }
  }

  private static final Duration SHORTEST = Duration.ofMinutes(1);

  public Approvers {
    atLeast = List.copyOf(atLeast);
    requireCount("quorum", quorum);
    respondWithin.ifPresent(time -> Match.requireDuration("ask.respondWithin", time));
    if (respondWithin.filter(time -> time.compareTo(SHORTEST) < 0).isPresent()) {
      throw new IllegalArgumentException("ask.respondWithin is at least a minute");
    }
    if (Set.copyOf(atLeast.stream().map(Minimum::group).toList()).size() != atLeast.size()) {
      throw new IllegalArgumentException("ask.atLeast names a group twice");
    }
    int asked = quorum;
    if (atLeast.stream().anyMatch(minimum -> minimum.count > asked)) {
      throw new IllegalArgumentException("ask.atLeast is more than the quorum");
    }
  }

  /// So many of all approvers.
  public static Approvers any(int quorum) {
    return new Approvers(Optional.empty(), quorum, List.of(), Optional.empty());
  }

  private static void requireCount(String member, int count) {
    if (count < 1 || count > Submission.LARGEST_QUORUM) {
      throw new IllegalArgumentException("%s is 1 to 100, not %d".formatted(member, count));
    }
  }

  static Approvers parse(Fields fields) {
    return fields.whole(
        () ->
            new Approvers(
                fields.optionalValue("approvers", GroupId::new),
                fields.has("quorum") ? fields.count("quorum") : 1,
                fields.optionalObjects("atLeast").stream().map(Approvers::minimum).toList(),
                fields.optionalDuration("respondWithin")));
  }

  private static Minimum minimum(Fields fields) {
    return fields.whole(
        () -> new Minimum(fields.value("group", GroupId::new), fields.count("count")));
  }

  Json.Object toJson() {
    var json = Json.object().putIfPresent("approvers", group.map(GroupId::value));
    json.put("quorum", quorum);
    if (!atLeast.isEmpty()) {
      json.put(
          "atLeast",
          atLeast.stream()
              .map(
                  minimum ->
                      Json.object()
                          .put("group", minimum.group.value())
                          .put("count", minimum.count)
                          .build())
              .toList());
    }
    respondWithin.ifPresent(time -> json.put("respondWithin", time));
    return json.build();
  }

  /// The groups that are named.
  Set<GroupId> groups() {
    var groups = new HashSet<GroupId>();
    Stream.concat(group.stream(), atLeast.stream().map(Minimum::group)).forEach(groups::add);
    return groups;
  }

  /// In words that may be shown: `2 of security, at least 1 of legal`.
  public String words() {
    var words = new StringBuilder();
    words.append(quorum).append(" of ").append(group.map(GroupId::value).orElse("all approvers"));
    atLeast.forEach(
        minimum -> words.append(", at least %d of %s".formatted(minimum.count, minimum.group)));
    respondWithin.ifPresent(time -> words.append(" within ").append(time));
    return words.toString();
  }
}
