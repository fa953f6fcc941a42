package org.openlockbox.gateway.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// A wall clock that is never set back: it goes on at least as fast as a clock that nobody can set,
/// from the latest time it has shown, also while the machine is suspended where that clock does. So
/// no access lasts longer because somebody sets the clock of the gateway's machine back. A clock
/// that is set forward ends access early; it opens nothing early, because the log's own clock must
/// agree before a session opens.
final class SteadyClock implements InstantSource {
  private record ShownTime(Instant time, long nanos) {
    Instant after(long now) {
      return time.plusNanos(now - nanos);
    }
  }

  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private final AtomicReference<ShownTime> latest;

  SteadyClock(InstantSource wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.latest = new AtomicReference<>(new ShownTime(wall.instant(), nanoTime.getAsLong()));
  }

  @Override
  public Instant instant() {
    Instant now = wall.instant(); // first, so that a pause here moves nothing forward
    return at(nanoTime.getAsLong(), now);
  }

  /// The time of a reading, to a millisecond.
  Instant at(ClockReading reading) {
    return at(reading.boot(), Instant.ofEpochMilli(reading.wall() / 1_000_000L));
  }

  private Instant at(long nanos, Instant now) {
    ShownTime before = latest.get();
    Instant steady = before.after(nanos);
    if (now.isBefore(steady)) {
      return steady;
    }
    latest.compareAndSet(before, new ShownTime(now, nanos));
    return now;
  }
}
