package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/// A witness answers where it takes checkpoints. The call is one that every witness refuses (C2SP
/// tlog-witness: a body without a checkpoint is 400), so nothing is cosigned.
record WitnessProbe(URI url) implements Probe {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int BAD_REQUEST = 400;

  @Override
  public List<HostFinding> look() throws InterruptedException {
    String subject = "witness " + url.getHost();
    String next =
        "Ask who runs it. Tenants that demand witnesses lose access while too few answer.";
    var request =
        HttpRequest.newBuilder(url.resolve("add-checkpoint"))
            .timeout(PATIENCE)
            .POST(BodyPublishers.noBody())
            .build();
    try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      return List.of(
          status == BAD_REQUEST
              ? ok(subject, url + " answers.")
              : broken(
                  subject,
                  "%s answers %d, which no witness does.".formatted(url, status),
                  "Look at server.witnesses: the address has to end where add-checkpoint begins."));
    } catch (IOException e) {
      return List.of(broken(subject, "%s does not answer: %s".formatted(url, e), next));
    }
  }
}
