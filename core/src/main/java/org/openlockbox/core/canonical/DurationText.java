package org.openlockbox.core.canonical;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Lengths of time as people type them: `PT2H`, `2h`, `1h30m`, `90 min`, `1 hour 30 minutes`, `2
/// Stunden`. Documents have [Duration#toString] alone.
public final class DurationText {
  private static final Pattern PART = Pattern.compile("(\\d{1,6})\\s*(\\p{L}+)\\.?\\s*");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + "){1,4}");

  private static final Map<String, Duration> UNITS =
      Map.ofEntries(
          Map.entry("d", Duration.ofDays(1)),
          Map.entry("day", Duration.ofDays(1)),
          Map.entry("days", Duration.ofDays(1)),
          Map.entry("tag", Duration.ofDays(1)),
          Map.entry("tage", Duration.ofDays(1)),
          Map.entry("h", Duration.ofHours(1)),
          Map.entry("std", Duration.ofHours(1)),
          Map.entry("hour", Duration.ofHours(1)),
          Map.entry("hours", Duration.ofHours(1)),
          Map.entry("stunde", Duration.ofHours(1)),
          Map.entry("stunden", Duration.ofHours(1)),
          Map.entry("m", Duration.ofMinutes(1)),
          Map.entry("min", Duration.ofMinutes(1)),
          Map.entry("mins", Duration.ofMinutes(1)),
          Map.entry("minute", Duration.ofMinutes(1)),
          Map.entry("minutes", Duration.ofMinutes(1)),
          Map.entry("minuten", Duration.ofMinutes(1)),
          Map.entry("s", Duration.ofSeconds(1)),
          Map.entry("sec", Duration.ofSeconds(1)),
          Map.entry("sek", Duration.ofSeconds(1)),
          Map.entry("second", Duration.ofSeconds(1)),
          Map.entry("seconds", Duration.ofSeconds(1)),
          Map.entry("sekunde", Duration.ofSeconds(1)),
          Map.entry("sekunden", Duration.ofSeconds(1)));

  private DurationText() {}

  /// The length that is meant; empty where it is none, or not more than nothing.
  public static Optional<Duration> parse(String typed) {
    var text = typed.strip().toLowerCase(Locale.ROOT);
    return (WHOLE.matcher(text).matches() ? parts(text) : iso(text)).filter(Duration::isPositive);
  }

  private static Optional<Duration> parts(String text) {
    var sum = Duration.ZERO;
    for (var part : PART.matcher(text).results().toList()) {
      var unit = UNITS.get(part.group(2));
      if (unit == null) {
        return Optional.empty();
      }
      sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
    }
    return Optional.of(sum);
  }

  private static Optional<Duration> iso(String text) {
    try {
      return Optional.of(Duration.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// `1h 30m`, which [#parse] reads back.
  public static String brief(Duration length) {
    var text = new StringBuilder();
    append(text, length.toDaysPart(), "d");
    append(text, length.toHoursPart(), "h");
    append(text, length.toMinutesPart(), "m");
    append(text, length.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(text.isEmpty() ? "" : " ").append(count).append(unit);
    }
  }
}
