package org.openlockbox.node.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.config.NodeConfig.TracePart;
import org.openlockbox.node.process.NodeFailure;

/// Spans that end while the collector hangs: nobody waits, and no more than the queue are kept.
class SpanExportTest {
  private static final int SPANS = 50_000;
  private static final int MOST_KEPT = 10_000;

  private final CountDownLatch released = new CountDownLatch(1);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SpanCounts counts = new SpanCounts();
  private HttpServer hanging;

  @BeforeEach
  void listen() throws IOException {
    counts.readBy(registry);
    hanging = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    hanging.setExecutor(
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("hanging").factory()));
    hanging.createContext(
        "/v1/traces",
        call -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          call.close();
        });
    hanging.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    hanging.stop(0);
  }

  private TracePart part(double sample, Optional<Path> ca) {
    var url = "http://127.0.0.1:%d/v1/traces".formatted(hanging.getAddress().getPort());
    return new TracePart(URI.create(url), "lockbox", sample, ca, Optional.empty());
  }

  private double counted(String state) {
    return registry.get("lockbox.traces.spans").tag("state", state).functionCounter().count();
  }

  @Test
  void whoeverEndsASpanWaitsForNoCollector() {
    long began = System.nanoTime();
    try (var export = SpanExport.to(part(1, Optional.empty()), counts)) {
      var tracer = export.tracer("test");
      for (int i = 0; i < SPANS; i++) {
        tracer.spanBuilder("operation").startSpan().end();
      }
      assertThat(counted("sampled")).isEqualTo(SPANS);
      assertThat(counted("sent")).isZero();
    }
    // Most were dropped: what was kept is far less, and the end waited for two seconds at most.
    assertThat(counted("failed")).isLessThan(MOST_KEPT);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aShareIsSampled() {
    try (var export = SpanExport.to(part(0.1, Optional.empty()), counts)) {
      var tracer = export.tracer("test");
      for (int i = 0; i < SPANS; i++) {
        tracer.spanBuilder("operation").startSpan().end();
      }
    }
    assertThat(counted("sampled")).isBetween(SPANS * 0.08, SPANS * 0.12);
  }

  @Test
  void anAuthorityThatIsNoneIsFoundAtOnce(@TempDir Path directory) throws IOException {
    Path ca = Files.writeString(directory.resolve("ca.pem"), "no certificate");
    assertThatThrownBy(() -> SpanExport.to(part(1, Optional.of(ca)), counts).close())
        .isInstanceOf(NodeFailure.class);
  }
}
