package org.openlockbox.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.openlockbox.core.log.EntryBody;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.notice.EndReason;

/// The figures of one gateway. Nobody reads them until [#readBy] names a reader, and until then
/// they cost next to nothing. Safe for many threads; never waits.
public final class GatewayMeters {
  private static final String REASON = "reason";
  private static final Duration[] RECORD_BUCKETS = {
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
  private static final double[] BATCH_BUCKETS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000};

  private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
  private final Counter opened =
      Counter.builder("lockbox.gateway.sessions.opened")
          .description("Sessions that were let in")
          .register(registry);
  private final Counter operations =
      Counter.builder("lockbox.gateway.operations")
          .description("Operations that were recorded, refused ones included")
          .register(registry);
  private final Counter units =
      Counter.builder("lockbox.gateway.released.units")
          .description("Rows, objects or files that operations returned or changed")
          .register(registry);
  private final Counter bytes =
      Counter.builder("lockbox.gateway.released")
          .baseUnit("bytes")
          .description("Bytes of results that were released")
          .register(registry);
  private final Timer record =
      Timer.builder("lockbox.gateway.record")
          .description("From an entry's queueing until it is durable in the tenant's log")
          .serviceLevelObjectives(RECORD_BUCKETS)
          .register(registry);
  private final DistributionSummary batch =
      DistributionSummary.builder("lockbox.gateway.batch")
          .baseUnit("entries")
          .description("Entries that went to the log together")
          .serviceLevelObjectives(BATCH_BUCKETS)
          .register(registry);

  /// Has this registry read all figures.
  public void readBy(MeterRegistry reader) {
    registry.add(reader);
  }

  /// A figure that is asked for whenever somebody reads. It must not wait.
  public void gauge(String name, String description, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(description).register(registry);
  }

  /// How many places of a resource are in this state.
  void fence(String resource, String state, DoubleSupplier count) {
    Gauge.builder("lockbox.gateway.fence", count::getAsDouble)
        .description("Protected databases, by what was seen last of their fence")
        .tag("resource", resource)
        .tag("state", state)
        .register(registry);
  }

  public void sessionOpened() {
    opened.increment();
  }

  public void sessionEnded(EndReason reason) {
    counted("lockbox.gateway.sessions.ended", "Sessions that ended", reason.word());
  }

  public void loginRefused(Deny.DenyReason reason) {
    loginRefused(reason.name().toLowerCase(Locale.ROOT));
  }

  /// A login was refused.
  ///
  /// @param reason one of a few words
  public void loginRefused(String reason) {
    counted("lockbox.gateway.logins.refused", "Logins that were refused", reason);
  }

  /// An entry is on its way to the log.
  public void queued(EntryBody body) {
    if (body instanceof SessionEvent.Operation operation) {
      operations.increment();
      operation
          .refused()
          .ifPresent(
              why ->
                  counted(
                      "lockbox.gateway.operations.refused", "Operations that were refused", why));
    } else if (body instanceof SessionEvent.Outcome outcome) {
      units.increment((double) outcome.units());
      bytes.increment((double) outcome.bytes());
    }
  }

  /// An entry became durable so long after it was queued.
  public void durable(long nanos) {
    record.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// So many entries went to the log together.
  public void sent(int entries) {
    batch.record(entries);
  }

  private void counted(String name, String description, String reason) {
    Counter.builder(name)
        .description(description)
        .tag(REASON, reason)
        .register(registry)
        .increment();
  }
}
