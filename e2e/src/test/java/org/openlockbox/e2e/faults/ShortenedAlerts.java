package org.openlockbox.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// The repository's alert rules, made impatient so that a test can wait for them.
///
/// - Each `for:` is divided by [#FACTOR].
/// - Two alerts compare a time with a limit of minutes. That limit is divided as well.
/// - All else stays as it is, each expression above all.
final class ShortenedAlerts {
  static final int FACTOR = 6;

  private static final Pattern FOR = Pattern.compile("(?m)^( +for: )([0-9]+)([smh])$");
  private static final Map<String, Integer> LIMITS =
      Map.of(
          "lockbox_deliveries_overdue_seconds) > ", 600, "lockbox_issuer_silent_seconds) > ", 120);

  private ShortenedAlerts() {}

  static String of(String rules) {
    String text =
        FOR.matcher(rules)
            .replaceAll(
                found -> found.group(1) + millis(found.group(2), found.group(3)) / FACTOR + "ms");
    for (var limit : LIMITS.entrySet()) {
      String whole = limit.getKey() + limit.getValue();
      assertThat(text).contains(whole);
      text = text.replace(whole, limit.getKey() + limit.getValue() / FACTOR);
    }
    return text;
  }

  private static long millis(String number, String unit) {
    return Duration.parse("PT" + number + unit).toMillis();
  }
}
