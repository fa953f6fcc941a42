package org.openlockbox.gateway.clock;

/// What the three clocks of a machine showed at one moment, in nanoseconds.
///
/// @param monotonic goes on evenly while the machine runs; stands still while it is suspended
/// @param boot goes on while the machine is suspended
/// @param wall the time of day; anybody who runs the machine may set it
public record ClockReading(long monotonic, long boot, long wall) {
  /// What [#since] answers where the clocks disagree.
  public static final long UNKNOWN = Long.MAX_VALUE;

  private static final long TOLERANCE_NANOS = 100_000_000L;

  /// How long ago the other reading was made; [#UNKNOWN] where the clocks disagree about that by
  /// more than a tenth of a second. Then the machine was suspended, or a clock was set or stands
  /// still.
  public long since(ClockReading earlier) {
    long most = atMostSince(earlier);
    long least =
        Math.min(monotonic - earlier.monotonic, Math.min(boot - earlier.boot, wall - earlier.wall));
    return most - least > TOLERANCE_NANOS ? UNKNOWN : most;
  }

  /// How long ago the other reading was made at most, as long as one of the clocks is right.
  public long atMostSince(ClockReading earlier) {
    return Math.max(
        monotonic - earlier.monotonic, Math.max(boot - earlier.boot, wall - earlier.wall));
  }
}
