package org.openlockbox.core.limits;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Days of the week with a local time from and to: `mon-fri 08:00-18:00 Europe/Berlin`.
///
/// A time that does not come after the one before it is the next day's: `fri 22:00-06:00` ends on
/// Saturday morning, and `sun 00:00-00:00` is all of Sunday. A local time that a change of the
/// clock skips is that much later; one that comes twice is the first.
public record Shift(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
  private static final Pattern SHAPE =
      Pattern.compile(
          "([a-z,-]{3,40}) ([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9]) ([A-Za-z0-9_+/-]{1,60})");
  private static final int MINUTES_OF_DAY = 24 * 60;

  public Shift {
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new IllegalArgumentException("hours name at least one day");
    }
    if (from.getSecond() + from.getNano() + to.getSecond() + to.getNano() != 0) {
      throw new IllegalArgumentException("hours are whole minutes: %s-%s".formatted(from, to));
    }
    if (!ZoneId.getAvailableZoneIds().contains(zone.getId())) {
      throw new IllegalArgumentException("no time zone that has a name: " + zone);
    }
  }

  /// Reads days as names, ranges and lists of both: `mon-wed,sat`.
  public static Shift parse(String text) {
    var found = SHAPE.matcher(text);
    if (!found.matches() || !ZoneId.getAvailableZoneIds().contains(found.group(4))) {
      throw notHours(text);
    }
    return new Shift(
        days(found.group(1), text),
        time(found, 2, text),
        time(found, 3, text),
        ZoneId.of(found.group(4)));
  }

  private static LocalTime time(Matcher found, int group, String text) {
    var time = found.group(group);
    if (time.compareTo("24:00") >= 0) {
      throw notHours(text);
    }
    return LocalTime.parse(time);
  }

  private static Set<DayOfWeek> days(String list, String text) {
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var part : list.split(",", -1)) {
      var ends = Stream.of(part.split("-", -1)).map(name -> day(name, text)).toList();
      if (ends.size() > 2 || ends.getFirst().compareTo(ends.getLast()) > 0) {
        throw notHours(text);
      }
      days.addAll(EnumSet.range(ends.getFirst(), ends.getLast()));
    }
    return days;
  }

  private static DayOfWeek day(String name, String text) {
    return Stream.of(DayOfWeek.values())
        .filter(day -> word(day).equals(name))
        .findFirst()
        .orElseThrow(() -> notHours(text));
  }

  private static IllegalArgumentException notHours(String text) {
    return new IllegalArgumentException(
        "not hours like \"mon-fri 08:00-18:00 Europe/Berlin\": \"%s\"".formatted(text));
  }

  private static String word(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  boolean isOpenAt(Instant now) {
    var today = now.atZone(zone).toLocalDate();
    return Stream.of(today.minusDays(1), today)
        .filter(date -> days.contains(date.getDayOfWeek()))
        .anyMatch(date -> !now.isBefore(start(date)) && now.isBefore(end(date)));
  }

  /// Every instant in the week around `now`, and the day after it, at which this may open or close.
  Stream<Instant> changesAround(Instant now) {
    var today = now.atZone(zone).toLocalDate();
    return today
        .minusDays(1)
        .datesUntil(today.plusDays(9))
        .filter(date -> days.contains(date.getDayOfWeek()))
        .flatMap(date -> Stream.of(start(date), end(date)));
  }

  private Instant start(LocalDate date) {
    return date.atTime(from).atZone(zone).toInstant();
  }

  private Instant end(LocalDate date) {
    return (to.isAfter(from) ? date : date.plusDays(1)).atTime(to).atZone(zone).toInstant();
  }

  /// Whether this is open only when `other` is, as their words show it: in the same zone.
  boolean isWithin(Shift other) {
    return zone.equals(other.zone)
        && other.days.containsAll(days)
        && !from.isBefore(other.from)
        && lastMinute() <= other.lastMinute();
  }

  private int lastMinute() {
    int minute = to.toSecondOfDay() / 60;
    return to.isAfter(from) ? minute : minute + MINUTES_OF_DAY;
  }

  /// The only spelling in documents: neighbouring days as a range, the others by commas.
  @Override
  public String toString() {
    return "%s %s-%s %s".formatted(String.join(",", ranges()), from, to, zone);
  }

  private List<String> ranges() {
    var ranges = new ArrayList<String>();
    var left = new TreeSet<>(days);
    while (!left.isEmpty()) {
      var first = left.pollFirst();
      var last = first;
      while (last != DayOfWeek.SUNDAY && left.remove(last.plus(1))) {
        last = last.plus(1);
      }
      ranges.add(first == last ? word(first) : word(first) + "-" + word(last));
    }
    return ranges;
  }
}
