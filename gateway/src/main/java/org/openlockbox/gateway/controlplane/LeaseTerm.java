package org.openlockbox.gateway.controlplane;

import java.time.Duration;
import org.openlockbox.gateway.clock.ClockReading;

/// For how long one answer of the control plane is good, counted from the moment the question was
/// *sent*: nothing that it does not name had ended before that. Where the clocks disagree about how
/// long ago that was, nothing more is released ([ClockReading#since]).
///
/// Within the time that it lasts, at most one second, also what was released must be gone: first
/// the gateway stops releasing, then clients may fetch what was released, and then what the kernel
/// still holds is thrown away.
public record LeaseTerm(ClockReading sent, Duration lasts) {
  /// Good for nothing.
  public static final LeaseTerm NONE = new LeaseTerm(new ClockReading(0, 0, 0), Duration.ZERO);

  private static final long FETCH_NANOS = 350_000_000L;
  private static final long DISCARD_NANOS = 250_000_000L;

  /// Whether its question was sent before the other's.
  boolean isOlderThan(LeaseTerm other) {
    return sent.monotonic() - other.sent.monotonic() < 0;
  }

  /// Whether bytes may be released now.
  public boolean mayRelease(ClockReading now) {
    return now.since(sent) < lasts.toNanos() - FETCH_NANOS;
  }

  /// Whether it was good until less than this long ago.
  public boolean isGoodOrWas(ClockReading now, Duration ago) {
    return !lasts.isZero() && now.since(sent) < lasts.plus(ago).toNanos();
  }

  /// For how long what is released now is good: until it would have to be fetched.
  public Duration left(ClockReading now) {
    long left = lasts.toNanos() - DISCARD_NANOS - now.atMostSince(sent);
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /// Whether what was released may be fetched now: by the clock that says the most has passed.
  public boolean mayFetch(ClockReading now) {
    return now.atMostSince(sent) < lasts.toNanos() - DISCARD_NANOS;
  }
}
