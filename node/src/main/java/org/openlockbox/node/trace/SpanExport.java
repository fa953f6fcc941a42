package org.openlockbox.node.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openlockbox.node.config.NodeConfig.TracePart;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// One collector, and what is sent there (OTLP over HTTP). A span that ends is put into a bounded
/// queue, or dropped where that is full; one thread of its own sends what is queued. Whoever ends a
/// span never waits, whatever the collector does.
///
/// A crash loses what is queued, and nothing else.
final class SpanExport implements AutoCloseable {
  private static final int MOST_QUEUED = 4096;
  private static final int MOST_SENT = 512;
  private static final int LONGEST_TEXT = 200;
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LAST_SECONDS = 2;

  private final SdkTracerProvider provider;

  private SpanExport(SdkTracerProvider provider) {
    this.provider = provider;
  }

  /// Begins to send there.
  ///
  /// @throws NodeFailure if a file that is named cannot be used
  static SpanExport to(TracePart part, SpanCounts counts) {
    var queue =
        BatchSpanProcessor.builder(counts.of(exporter(part)))
            .setMaxQueueSize(MOST_QUEUED)
            .setMaxExportBatchSize(MOST_SENT)
            .setScheduleDelay(EVERY)
            .setExporterTimeout(PATIENCE)
            .build();
    return new SpanExport(
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(AttributeKey.stringKey("service.name"), part.service())))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(part.sample())))
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(LONGEST_TEXT).build())
            .addSpanProcessor(counts)
            .addSpanProcessor(queue)
            .build());
  }

  private static SpanExporter exporter(TracePart part) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(part.endpoint().toString())
            .setTimeout(PATIENCE)
            .setConnectTimeout(PATIENCE);
    part.token()
        .ifPresent(
            token -> {
              var _ = token.get(); // a file that cannot be read is found now
              exporter.setHeaders(() -> Map.of("Authorization", "Bearer " + token.get()));
            });
    try {
      part.ca().ifPresent(ca -> exporter.setTrustedCertificates(read(ca)));
      return exporter.build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new NodeFailure(Code.USAGE, "tracing cannot be set up: " + e.getMessage(), e);
    }
  }

  private static byte[] read(Path ca) {
    try {
      return Files.readAllBytes(ca);
    } catch (IOException e) {
      throw new NodeFailure(Code.USAGE, ca + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// The tracer for a part of the node.
  Tracer tracer(String part) {
    return provider.get("org.openlockbox." + part);
  }

  /// Sends what is queued, for two seconds at most.
  @Override
  public void close() {
    provider.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
  }
}
