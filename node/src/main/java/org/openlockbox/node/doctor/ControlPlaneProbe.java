package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.openlockbox.node.config.NodeConfig.ControlPlaneSettings;
import org.openlockbox.node.service.ClientTls;

/// The server, as this gateway reaches it: TLS, its health, the gateway's token, and its clock.
record ControlPlaneProbe(ControlPlaneSettings settings, InstantSource clock) implements Probe {
  private static final String SUBJECT = "control plane";
  private static final String NOBODY = "nobody answers there.";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  @Override
  public List<HostFinding> look() throws InterruptedException {
    var builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
    ClientTls.of(settings.ca(), settings.clientCertificate()).ifPresent(builder::sslContext);
    var found = new ArrayList<HostFinding>();
    try (var client = builder.build()) {
      var health = client.send(request("/healthz").build(), BodyHandlers.ofString());
      found.add(health(health));
      found.add(clock(health));
      var asked =
          request("/v1/whoami").header("Authorization", "Bearer " + settings.token().get()).build();
      found.add(token(client.send(asked, BodyHandlers.ofString())));
    } catch (IOException e) {
      found.add(
          broken(
              SUBJECT,
              "%s cannot be reached: %s"
                  .formatted(settings.url(), Objects.requireNonNullElse(e.getMessage(), NOBODY)),
              "Is the server up, does the network lead there, and is gateway.server.ca the authority"
                  + " of its certificate?"));
    }
    return found;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(settings.url() + path)).timeout(PATIENCE);
  }

  private HostFinding health(HttpResponse<String> answer) {
    return answer.statusCode() == OK
        ? ok(SUBJECT, settings.url() + " is up.")
        : broken(
            SUBJECT,
            "%s answers %d: %s".formatted(settings.url(), answer.statusCode(), answer.body()),
            "lockbox doctor on the server's host says why.");
  }

  private HostFinding token(HttpResponse<String> answer) {
    String subject = "gateway token";
    if (answer.statusCode() == OK && answer.body().contains("\"gateway\"")) {
      return ok(subject, "The server takes it.");
    }
    String text =
        answer.statusCode() == UNAUTHORIZED
            ? "The server does not know it."
            : "The server answers %d to it.".formatted(answer.statusCode());
    return broken(
        subject, text, "lockbox token new --role gateway on the server's host makes another one.");
  }

  private HostFinding clock(HttpResponse<String> answer) {
    String subject = "server clock";
    try {
      Instant there =
          ZonedDateTime.parse(
                  answer.headers().firstValue("date").orElse(""),
                  DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      var apart = Duration.between(there, clock.instant()).abs();
      return apart.compareTo(CLOCKS_DIFFER) <= 0
          ? ok(subject, "It agrees with this host's.")
          : broken(
              subject,
              "It differs from this host's by %d s.".formatted(apart.toSeconds()),
              "Let both hosts take the time from NTP.");
    } catch (DateTimeException absent) {
      return ok(subject, "The server does not say its time.");
    }
  }
}
