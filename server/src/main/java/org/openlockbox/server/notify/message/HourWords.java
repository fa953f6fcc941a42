package org.openlockbox.server.notify.message;

import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Shift;

/// Hours as people read them: `Mo–Fr 08:00–18:00 Europe/Berlin` where documents have `mon-fri
/// 08:00-18:00 Europe/Berlin`.
public final class HourWords {
  private static final Pattern DAY = Pattern.compile("[a-z]{3}");
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private HourWords() {}

  public static String of(Hours hours, Locale locale) {
    return hours.shifts().stream()
        .map(shift -> of(shift, locale))
        .collect(Collectors.joining("; "));
  }

  public static String of(Shift shift, Locale locale) {
    var parts = shift.toString().split(" ", 3);
    var days = DAY.matcher(parts[0]).replaceAll(day -> name(day.group(), locale));
    return "%s %s %s"
        .formatted(days.replace("-", "–").replace(",", ", "), parts[1].replace('-', '–'), parts[2]);
  }

  private static String name(String day, Locale locale) {
    return DayOfWeek.of(DAYS.indexOf(day) + 1).getDisplayName(TextStyle.SHORT_STANDALONE, locale);
  }
}
