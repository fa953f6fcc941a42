package org.openlockbox.server.notify.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Shift;

class HourWordsTest {
  @Test
  void daysAreNamedInTheReadersLanguage() {
    var shift = Shift.parse("mon-wed,sat 08:00-18:00 Europe/Berlin");
    assertThat(HourWords.of(shift, Locale.GERMAN)).isEqualTo("Mo–Mi, Sa 08:00–18:00 Europe/Berlin");
    assertThat(HourWords.of(shift, Locale.ENGLISH))
        .isEqualTo("Mon–Wed, Sat 08:00–18:00 Europe/Berlin");
  }

  /// A zone may have hyphens and lower-case words of three letters in its name.
  @Test
  void theNameOfAZoneStaysAsItIs() {
    assertThat(HourWords.of(Shift.parse("sun 22:00-06:00 America/Port-au-Prince"), Locale.GERMAN))
        .isEqualTo("So 22:00–06:00 America/Port-au-Prince");
  }

  @Test
  void shiftsStandOneAfterTheOther() {
    var hours = Hours.of(Shift.parse("mon 08:00-09:00 UTC"), Shift.parse("tue 08:00-09:00 UTC"));
    assertThat(HourWords.of(hours, Locale.ENGLISH))
        .isEqualTo("Mon 08:00–09:00 UTC; Tue 08:00–09:00 UTC");
  }
}
