package org.openlockbox.cli.command;

import java.time.Duration;
import java.time.Instant;
import org.openlockbox.core.canonical.DurationText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Lengths of time on the command line, as people type and read them.
public final class Durations {
  private Durations() {}

  public static Duration parse(String text) {
    return DurationText.parse(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is not a length of time; write 30m, 2h or 1h30m (or PT30M)"));
  }

  /// `1 h 30 min`, the way it is read aloud.
  public static String words(Duration length) {
    long seconds = length.toSeconds();
    StringBuilder words = new StringBuilder();
    append(words, seconds / 86_400, "d");
    append(words, seconds / 3600 % 24, "h");
    append(words, seconds / 60 % 60, "min");
    if (seconds < 3600) {
      append(words, seconds % 60, "s");
    }
    return words.isEmpty() ? "0 s" : words.toString();
  }

  /// How far an instant is from now: `in 25 min`, `3 h ago`.
  public static String relative(Instant instant, Instant now) {
    Duration gap = Duration.between(now, instant);
    return gap.isNegative() ? words(gap.abs()) + " ago" : "in " + words(gap);
  }

  private static void append(StringBuilder words, long count, String unit) {
    if (count > 0) {
      words.append(words.isEmpty() ? "" : " ").append(count).append(' ').append(unit);
    }
  }

  /// Reads a length of time from the command line.
  public static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return parse(text);
    }
  }
}
