package org.openlockbox.server.notify.contact;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/// The hours of each day in which a contact gets only what is urgent, in the contact's own zone;
/// `from` after `until` spans midnight.
public record QuietHours(LocalTime from, LocalTime until) {
  public QuietHours {
    if (from.equals(until)) {
      throw new IllegalArgumentException("quiet hours that begin and end at " + from);
    }
  }

  /// The first moment, from this one on, that is not quiet.
  Instant over(Instant moment, ZoneId zone) {
    var local = moment.atZone(zone);
    var time = local.toLocalTime();
    boolean quiet =
        from.isBefore(until)
            ? !time.isBefore(from) && time.isBefore(until)
            : !time.isBefore(from) || time.isBefore(until);
    if (!quiet) {
      return moment;
    }
    var end = local.toLocalDate().atTime(until).atZone(zone);
    return (end.toInstant().isAfter(moment)
            ? end
            : local.toLocalDate().plusDays(1).atTime(until).atZone(zone))
        .toInstant();
  }
}
