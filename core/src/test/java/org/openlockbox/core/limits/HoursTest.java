package org.openlockbox.core.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HoursTest {
  private static final Hours OFFICE = hours("mon-fri 08:00-18:00 Europe/Berlin");

  @Test
  void hoursIncludeTheirStartAndExcludeTheirEnd() {
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-01-05T06:59:59.999Z"))).isFalse();
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-01-05T07:00:00Z"))).isTrue();
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-01-05T16:59:59.999Z"))).isTrue();
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-01-05T17:00:00Z"))).isFalse();
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-01-10T09:00:00Z"))).isFalse();
  }

  @Test
  void theNextOpeningAndClosingAreTold() {
    var friday = Instant.parse("2026-01-09T20:00:00Z");
    assertThat(OFFICE.nextOpening(friday)).contains(Instant.parse("2026-01-12T07:00:00Z"));
    var monday = Instant.parse("2026-01-12T09:00:00Z");
    assertThat(OFFICE.nextClosing(monday)).contains(Instant.parse("2026-01-12T17:00:00Z"));
    assertThat(Hours.ALWAYS.nextClosing(monday)).isEmpty();
  }

  @Test
  void hoursOverMidnightEndOnTheNextDay() {
    var night = hours("fri 22:00-06:00 UTC");
    assertThat(night.isOpenAt(Instant.parse("2026-01-10T05:59:00Z"))).isTrue();
    assertThat(night.isOpenAt(Instant.parse("2026-01-10T06:00:00Z"))).isFalse();
    assertThat(night.isOpenAt(Instant.parse("2026-01-09T05:00:00Z"))).isFalse();
    assertThat(night.nextClosing(Instant.parse("2026-01-09T23:00:00Z")))
        .contains(Instant.parse("2026-01-10T06:00:00Z"));
  }

  @Test
  void aWholeWeekNeverCloses() {
    var week = hours("mon-sun 00:00-00:00 UTC");
    assertThat(week.isOpenAt(Instant.parse("2026-01-10T00:00:00Z"))).isTrue();
    assertThat(week.nextClosing(Instant.parse("2026-01-10T12:00:00Z"))).isEmpty();
  }

  @Test
  void hoursFollowTheClockOfTheirZone() {
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-07-06T06:00:00Z"))).isTrue();
    assertThat(OFFICE.isOpenAt(Instant.parse("2026-07-06T16:00:00Z"))).isFalse();
    var skipped = hours("sun 02:30-05:00 Europe/Berlin");
    assertThat(skipped.isOpenAt(Instant.parse("2026-03-29T01:29:00Z"))).isFalse();
    assertThat(skipped.isOpenAt(Instant.parse("2026-03-29T01:30:00Z"))).isTrue();
    var twice = hours("sun 02:30-05:00 Europe/Berlin");
    assertThat(twice.isOpenAt(Instant.parse("2026-10-25T00:30:00Z"))).isTrue();
  }

  @Test
  void shiftsOfTwoZonesAreOpenWhenBothAre() {
    var both = OFFICE.narrower(hours("mon-fri 09:00-17:00 America/New_York"));
    assertThat(both.isOpenAt(Instant.parse("2026-01-05T13:59:00Z"))).isFalse();
    assertThat(both.isOpenAt(Instant.parse("2026-01-05T14:00:00Z"))).isTrue();
    assertThat(both.nextClosing(Instant.parse("2026-01-05T14:00:00Z")))
        .contains(Instant.parse("2026-01-05T17:00:00Z"));
    var never = OFFICE.narrower(hours("mon-fri 19:00-20:00 Europe/Berlin"));
    assertThat(never.nextOpening(Instant.parse("2026-01-05T14:00:00Z")))
        .isEqualTo(Optional.empty());
  }

  @Test
  void shorterHoursOfTheSameZoneAreNarrower() {
    var lunch = hours("tue,thu 12:00-13:00 Europe/Berlin");
    assertThat(lunch.isWiderThan(OFFICE)).isFalse();
    assertThat(OFFICE.isWiderThan(lunch)).isTrue();
    assertThat(OFFICE.narrower(lunch)).isEqualTo(lunch);
    assertThat(hours("tue 12:00-13:00 Europe/Paris").isWiderThan(OFFICE)).isTrue();
    assertThat(hours("sat 12:00-13:00 Europe/Berlin").isWiderThan(OFFICE)).isTrue();
    assertThat(Hours.ALWAYS.isWiderThan(OFFICE)).isTrue();
    assertThat(OFFICE.isWiderThan(Hours.ALWAYS)).isFalse();
  }

  @Test
  void daysAreReadInAnySpellingAndWrittenInOne() {
    assertThat(Shift.parse("fri,mon,tue,wed 08:00-18:00 UTC"))
        .hasToString("mon-wed,fri 08:00-18:00 UTC");
    for (var wrong :
        Stream.of("", "mon-", "tue-mon", "mon-tue-wed", "mon,", "day", "MON").toList()) {
      assertThatThrownBy(() -> Shift.parse(wrong + " 08:00-18:00 UTC"))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (var wrong : List.of("mon 25:00-08:00 UTC", "mon 08:60-09:00 UTC", "mon 08:00-09:00 X/Y")) {
      assertThatThrownBy(() -> Shift.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Hours hours(String words) {
    return Hours.of(Shift.parse(words));
  }
}
