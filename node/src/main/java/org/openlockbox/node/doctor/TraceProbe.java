package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.openlockbox.node.config.NodeConfig.TracePart;
import org.openlockbox.node.service.ClientTls;

/// The collector of traces takes what is sent. It gets a message without spans, which is no bytes.
record TraceProbe(TracePart part) implements Probe {
  private static final String SUBJECT = "tracing";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;

  @Override
  public List<HostFinding> look() throws InterruptedException {
    var builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
    ClientTls.of(part.ca(), Optional.empty()).ifPresent(builder::sslContext);
    var request =
        HttpRequest.newBuilder(part.endpoint())
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.noBody());
    part.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.get()));
    try (var client = builder.build()) {
      int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
      return List.of(
          status == OK
              ? ok(SUBJECT, part.endpoint() + " takes our traces.")
              : warning(
                  SUBJECT,
                  "%s answers %d.".formatted(part.endpoint(), status),
                  "Look at tracing.endpoint and tracing.token; traces are lost until then."));
    } catch (IOException e) {
      return List.of(
          warning(
              SUBJECT,
              "%s does not answer: %s".formatted(part.endpoint(), e),
              "Start the collector, or look at tracing.ca. Nothing else waits for it."));
    }
  }
}
