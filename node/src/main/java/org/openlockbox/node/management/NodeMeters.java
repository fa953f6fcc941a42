package org.openlockbox.node.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// All figures of a node, as Prometheus reads them: those of its parts, of its certificates and of
/// its JVM.
public final class NodeMeters implements AutoCloseable {
  private static final double MILLIS = 1000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /// Begins to read the figures of these parts.
  ///
  /// @param traces registers the figures of traces
  public NodeMeters(
      NodeParts parts,
      List<CertificateExpiry> certificates,
      Consumer<MeterRegistry> traces,
      InstantSource clock) {
    List<MeterBinder> machine =
        List.of(
            collections,
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics());
    machine.forEach(each -> each.bindTo(registry));
    Gauge.builder("lockbox.clock.seconds", () -> clock.millis() / MILLIS)
        .description("The time of day of this node, in seconds since 1970")
        .register(registry);
    traces.accept(registry);
    parts.server().ifPresent(server -> server.measuredBy(registry));
    parts.gateway().ifPresent(gateway -> gateway.measuredBy(registry));
    for (var each : certificates) {
      Gauge.builder("lockbox.certificate.left.seconds", () -> each.left(clock))
          .description("Seconds until a certificate of this node is over")
          .tag("setting", each.setting())
          .register(registry);
    }
  }

  /// The text of `/metrics`.
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
