package org.openlockbox.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// The figures of one server. Nobody reads them until [#readBy] names a reader, and until then they
/// cost next to nothing. Safe for many threads; never waits.
public final class ServerMeters {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };
  private static final double[] GROUP_BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128};

  private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
  private final Timer append =
      Timer.builder("lockbox.server.append")
          .description("From a gateway's call until its entries are durable")
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
  private final DistributionSummary group =
      DistributionSummary.builder("lockbox.server.group")
          .baseUnit("calls")
          .description("Calls of gateways that were committed together")
          .serviceLevelObjectives(GROUP_BUCKETS)
          .register(registry);
  private final Timer sign =
      Timer.builder("lockbox.server.sign")
          .description("From an entry's commit until a signed checkpoint covers it")
          .serviceLevelObjectives(BUCKETS)
          .register(registry);

  /// Has this registry read all figures.
  public void readBy(MeterRegistry reader) {
    registry.add(reader);
  }

  /// Where a library of the server registers figures of its own.
  public MeterRegistry registry() {
    return registry;
  }

  /// Whether anybody reads, so that figures are worth asking the database for.
  public boolean isRead() {
    return !registry.getRegistries().isEmpty();
  }

  /// A figure that is asked for whenever somebody reads. It must not wait.
  public void gauge(String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(description).register(registry);
  }

  /// The same, of one of several things of a kind.
  public void gauge(
      String name, String description, String label, String which, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .tag(label, which)
        .register(registry);
  }

  /// A call of a gateway was answered after so long.
  public void appended(long nanos) {
    append.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// So many calls were committed together.
  public void grouped(int calls) {
    group.record(calls);
  }

  /// A log waited so long for its checkpoint.
  public void signed(long nanos) {
    sign.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// A call of the API was answered.
  ///
  /// @param route the pattern of its path, such as `/v1/requests/{id}`
  public void called(String method, String route, int status, long nanos) {
    Timer.builder("lockbox.server.calls")
        .description("Calls of the API and of the portal")
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /// A call was refused.
  ///
  /// @param code the code of the problem
  public void refused(String code) {
    Counter.builder("lockbox.server.refusals")
        .description("Calls that were refused, by the code of the problem")
        .tag("code", code)
        .register(registry)
        .increment();
  }
}
