package org.openlockbox.node.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import java.util.Optional;
import org.openlockbox.node.config.NodeConfig.TracePart;
import org.openlockbox.node.management.NodeParts;

/// The traces of a node, which go nowhere until a collector is named. Used by one thread at a time;
/// the parts of the node write their spans from their own.
public final class Tracing implements AutoCloseable {
  private static final Tracer NOWHERE = TracerProvider.noop().get("");

  private final SpanCounts counts = new SpanCounts();
  private Optional<SpanExport> export = Optional.empty();

  /// Has this registry read how many spans were sent.
  public void measuredBy(MeterRegistry registry) {
    counts.readBy(registry);
  }

  /// A collector that is ready to be used, or none.
  public final class NextTracing implements AutoCloseable {
    private Optional<SpanExport> next;

    private NextTracing(Optional<TracePart> part) {
      this.next = part.map(it -> SpanExport.to(it, counts));
    }

    /// From now on the spans of these parts go there alone. What waits for the collector before it
    /// is sent first, or given up.
    public void use(NodeParts parts) {
      parts.server().ifPresent(it -> it.tracedBy(tracer("server")));
      parts.gateway().ifPresent(it -> it.tracedBy(tracer("gateway")));
      Tracing.this.close();
      export = next;
      next = Optional.empty();
    }

    private Tracer tracer(String name) {
      return next.map(it -> it.tracer(name)).orElse(NOWHERE);
    }

    /// What was not used is let go.
    @Override
    public void close() {
      next.ifPresent(SpanExport::close);
    }
  }

  /// Gets ready for a collector. Changes nothing yet.
  public NextTracing prepare(Optional<TracePart> next) {
    return new NextTracing(next);
  }

  @Override
  public void close() {
    export.ifPresent(SpanExport::close);
    export = Optional.empty();
  }
}
