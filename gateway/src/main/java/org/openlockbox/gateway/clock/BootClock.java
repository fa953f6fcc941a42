package org.openlockbox.gateway.clock;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Linux's `CLOCK_BOOTTIME`, which goes on while the machine is suspended. The JDK shows none like
/// it, so the C library is asked (clock_gettime(2)): some thirty nanoseconds, without a system
/// call.
final class BootClock implements LongSupplier {
  private static final Logger LOG = LoggerFactory.getLogger(BootClock.class);

  /// `CLOCK_BOOTTIME` in `linux/time.h`; the number means something else on other systems.
  private static final int ID = 7;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MethodHandle gettime;

  private BootClock(MethodHandle gettime) {
    this.gettime = gettime;
  }

  /// Empty where there is none, or where it does not answer.
  @SuppressWarnings("restricted") // to call the C library is what it is for
  static Optional<LongSupplier> find() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      BootClock clock =
          new BootClock(
              linker.downcallHandle(
                  linker.defaultLookup().findOrThrow("clock_gettime"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                  Linker.Option.critical(true)));
      clock.getAsLong();
      return Optional.of(clock);
    } catch (RuntimeException | Error e) {
      LOG.warn("CLOCK_BOOTTIME cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }

  @Override
  public long getAsLong() {
    long[] time = new long[2];
    int failed;
    try {
      failed = (int) gettime.invokeExact(ID, MemorySegment.ofArray(time));
    } catch (Throwable e) {
      throw new IllegalStateException("clock_gettime", e);
    }
    if (failed != 0) {
      throw new IllegalStateException("clock_gettime answers " + failed);
    }
    return time[0] * NANOS_PER_SECOND + time[1];
  }
}
