package org.openlockbox.gateway.clock;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The three clocks of the machine, and the time of day that follows from them.
public final class Clocks implements InstantSource {
  private static final Logger LOG = LoggerFactory.getLogger(Clocks.class);
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /// A reading that takes longer was interrupted.
  private static final long AT_ONCE_NANOS = 5_000_000L;

  private static final int MOST_READINGS = 10;

  private final InstantSource wall;
  private final LongSupplier monotonic;
  private final LongSupplier boot;
  private final SteadyClock steady;

  public Clocks(InstantSource wall, LongSupplier monotonic, LongSupplier boot) {
    this.wall = wall;
    this.monotonic = monotonic;
    this.boot = boot;
    this.steady = new SteadyClock(wall, boot);
  }

  /// Those of this machine. Where it has no clock that goes on while it is suspended, the other two
  /// are compared alone: the time of day shows a suspension as well, once it is read anew.
  public static Clocks ofMachine(InstantSource wall) {
    var boot = BootClock.find();
    if (boot.isEmpty()) {
      LOG.warn("this system shows no CLOCK_BOOTTIME: two clocks are compared instead of three");
    }
    return new Clocks(wall, System::nanoTime, boot.orElse(System::nanoTime));
  }

  /// What they show now. The clock that nobody can set comes last, so that no pause is hidden.
  public ClockReading read() {
    long shown = wall.millis() * NANOS_PER_MILLI;
    long passed = boot.getAsLong();
    return new ClockReading(monotonic.getAsLong(), passed, shown);
  }

  /// The same, made anew while something interrupts it: for a reading that others are compared
  /// with.
  public ClockReading readAtOnce() {
    for (int i = 1; ; i++) {
      long began = monotonic.getAsLong();
      ClockReading reading = read();
      if (reading.monotonic() - began < AT_ONCE_NANOS || i == MOST_READINGS) {
        return reading;
      }
    }
  }

  /// The time of day, which is never set back ([SteadyClock]).
  @Override
  public Instant instant() {
    return steady.instant();
  }

  /// The same at the time of a reading.
  public Instant instant(ClockReading reading) {
    return steady.at(reading);
  }

  /// The clock that nobody can set.
  public long nanoTime() {
    return monotonic.getAsLong();
  }
}
