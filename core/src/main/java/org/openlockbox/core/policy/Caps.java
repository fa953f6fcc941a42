package org.openlockbox.core.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Narrowing;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Shift;

/// The most that a rule approves: whoever asks for more gets this much. What is empty stays as
/// asked.
public record Caps(
    Optional<Level> level,
    Optional<Duration> duration,
    Optional<RowBudget> rows,
    Optional<Shift> hours) {
  public static final Caps NONE =
      new Caps(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public Caps {
    duration.ifPresent(longest -> Match.requireDuration("approve.duration", longest));
  }

  static Caps parse(Fields fields) {
    return fields.whole(
        () ->
            new Caps(
                fields.optionalValue("level", Level::parse),
                fields.optionalDuration("duration"),
                fields.optionalNumber("rows").stream().mapToObj(RowBudget::new).findFirst(),
                fields.optionalValue("hours", Shift::parse)));
  }

  Json.Object toJson() {
    var json = Json.object().putIfPresent("level", level.map(Level::word));
    duration.ifPresent(longest -> json.put("duration", longest));
    rows.ifPresent(most -> json.put("rows", most.rows()));
    json.putIfPresent("hours", hours.map(Shift::toString));
    return json.build();
  }

  /// What to take away from these terms.
  public Narrowing narrowing(Terms terms) {
    var asked = terms.limits();
    return new Narrowing(
        level.filter(terms.level()::isWiderThan),
        Optional.empty(),
        duration.filter(longest -> terms.duration().compareTo(longest) > 0),
        Limits.WIDEST
            .withRowBudget(rows.map(asked.rowBudget()::narrower).orElse(RowBudget.UNLIMITED))
            .withHours(hours.map(Hours::of).orElse(Hours.ALWAYS)));
  }

  /// In words that may be shown: `up to masked, PT4H, 1000 rows`.
  String words() {
    return Stream.of(
            level.map(Level::word),
            duration.map(Duration::toString),
            rows.map(most -> most.rows() + " rows"),
            hours.map(Shift::toString))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", ", "up to ", ""));
  }
}
