package org.openlockbox.core.limits;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// When access is open inside its window: while every one of these shifts is; with none, always.
///
/// Each approver may add shifts, in any zone; one that another already implies is left out. The
/// list is sorted by its words.
public record Hours(List<Shift> shifts) {
  /// No limit. Never written out: an absent member means this.
  public static final Hours ALWAYS = new Hours(List.of());

  /// The most shifts that may be written.
  public static final int MOST = 10;

  public Hours {
    shifts = narrowest(shifts);
  }

  public static Hours of(Shift... shifts) {
    return new Hours(List.of(shifts));
  }

  private static List<Shift> narrowest(Collection<Shift> shifts) {
    var distinct = new LinkedHashSet<>(shifts);
    return distinct.stream()
        .filter(
            shift ->
                distinct.stream().noneMatch(each -> !each.equals(shift) && each.isWithin(shift)))
        .sorted(Comparator.comparing(Shift::toString))
        .toList();
  }

  public boolean isAlways() {
    return shifts.isEmpty();
  }

  public boolean isOpenAt(Instant now) {
    return shifts.stream().allMatch(shift -> shift.isOpenAt(now));
  }

  /// When it opens next if it is closed at `now`; empty if not within the week.
  public Optional<Instant> nextOpening(Instant now) {
    return changes(now).filter(this::isOpenAt).findFirst();
  }

  /// When it closes next if it is open at `now`; empty if not within the week.
  public Optional<Instant> nextClosing(Instant now) {
    return changes(now).filter(change -> !isOpenAt(change)).findFirst();
  }

  private Stream<Instant> changes(Instant now) {
    return shifts.stream()
        .flatMap(shift -> shift.changesAround(now))
        .filter(change -> change.isAfter(now))
        .sorted();
  }

  /// Whether this may be open when `other` is closed, as far as the words show.
  public boolean isWiderThan(Hours other) {
    return !other.shifts.stream()
        .allMatch(theirs -> shifts.stream().anyMatch(ours -> ours.isWithin(theirs)));
  }

  /// Open when both are.
  public Hours narrower(Hours other) {
    return new Hours(Stream.concat(shifts.stream(), other.shifts.stream()).toList());
  }

  /// The shifts as they are written.
  public List<String> words() {
    return shifts.stream().map(Shift::toString).toList();
  }
}
