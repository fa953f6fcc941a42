package org.openlockbox.cli.command;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Lengths of time as people type and read them: `PT30M` or `30m`, `1h30m`, `2d`.
public final class Durations {
  private static final Pattern SHORT =
      Pattern.compile("(?:(\\d{1,3})d)?(?:(\\d{1,4})h)?(?:(\\d{1,5})m)?(?:(\\d{1,6})s)?");

  private Durations() {}

  public static Duration parse(String text) {
    Matcher parts = SHORT.matcher(text.toLowerCase(Locale.ROOT));
    Duration length;
    if (!text.isEmpty() && parts.matches()) {
      length =
          Duration.ofDays(part(parts, 1))
              .plusHours(part(parts, 2))
              .plusMinutes(part(parts, 3))
              .plusSeconds(part(parts, 4));
    } else {
      try {
        length = Duration.parse(text);
      } catch (DateTimeParseException malformed) {
        throw new TypeConversionException(
            "'" + text + "' is not a length of time; for example PT30M, 30m, 4h");
      }
    }
    if (length.isZero() || length.isNegative()) {
      throw new TypeConversionException("a length of time is more than nothing, not " + text);
    }
    return length;
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

  private static long part(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
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
