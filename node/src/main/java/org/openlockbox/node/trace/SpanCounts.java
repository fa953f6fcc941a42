package org.openlockbox.node.trace;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;

/// What became of sampled spans. What is neither sent nor failed was dropped, or waits for its
/// turn.
final class SpanCounts implements SpanProcessor {
  private final LongAdder sampled = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();

  void readBy(MeterRegistry registry) {
    register(registry, "sampled", sampled);
    register(registry, "sent", sent);
    register(registry, "failed", failed);
  }

  private static void register(MeterRegistry registry, String state, LongAdder count) {
    FunctionCounter.builder("lockbox.traces.spans", count, LongAdder::sum)
        .description("Spans that were sampled, sent to the collector, or not taken by it")
        .tag("state", state)
        .register(registry);
  }

  /// This exporter, counted.
  SpanExporter of(SpanExporter exporter) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        int size = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> (result.isSuccess() ? sent : failed).add(size));
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }
    };
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (span.getSpanContext().isSampled()) {
      sampled.increment();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
