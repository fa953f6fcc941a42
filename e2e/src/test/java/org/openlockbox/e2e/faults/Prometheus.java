package org.openlockbox.e2e.faults;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.openlockbox.e2e.harness.EmptyHost;
import org.openlockbox.e2e.harness.InitHost;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.Terminal;
import org.openlockbox.e2e.harness.Typed;
import org.openlockbox.node.process.Ports;

/// A Prometheus of this machine's packages that reads management ports every three seconds and
/// judges by the repository's alert rules, shortened.
final class Prometheus implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(1);

  private final int port = Ports.free();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Typed running;

  /// Skipped where the package is missing, which fails where `CI=true`.
  ///
  /// @param ports the management port of each job
  Prometheus(InitHost host, String rules, Map<String, Integer> ports) throws IOException {
    Terminal shell = EmptyHost.shell(Map.of("PATH", System.getenv("PATH")), host.directory());
    shell.needs("command -v prometheus", "prometheus");
    Path directory = Files.createDirectories(host.directory().resolve("prometheus"));
    Files.writeString(directory.resolve("alerts.yaml"), ShortenedAlerts.of(rules));
    Files.writeString(directory.resolve("prometheus.yml"), configuration(ports));
    running =
        shell.begins(
            "exec prometheus --config.file=prometheus/prometheus.yml --log.level=warn"
                + " --storage.tsdb.path=prometheus/data --web.listen-address=127.0.0.1:"
                + port);
    Pause.until("Prometheus is ready", SOON, this::isReady);
  }

  private static String configuration(Map<String, Integer> ports) {
    String jobs =
        ports.entrySet().stream()
            .map(
                job ->
                    "  - job_name: %s\n    static_configs: [{targets: [\"127.0.0.1:%d\"]}]\n"
                        .formatted(job.getKey(), job.getValue()))
            .collect(Collectors.joining());
    return """
        global: {scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s}
        rule_files: [alerts.yaml]
        scrape_configs:
        """
        + jobs;
  }

  private boolean isReady() {
    try {
      return call("/-/ready").isPresent();
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private Optional<String> call(String path) {
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              BodyHandlers.ofString());
      return Optional.of(answer).filter(it -> it.statusCode() == 200).map(it -> it.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private JsonObject data(String path) {
    String answer = call(path).orElseThrow(() -> new AssertionError(path + "\n" + running));
    return JsonParser.parseString(answer).getAsJsonObject().getAsJsonObject("data");
  }

  /// The names of the alerts that are firing now.
  Set<String> firing() {
    return StreamSupport.stream(
            data("/api/v1/alerts").getAsJsonArray("alerts").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(alert -> alert.get("state").getAsString().equals("firing"))
        .map(alert -> alert.getAsJsonObject("labels").get("alertname").getAsString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The values that an expression has now.
  List<Double> values(String expression) {
    var result =
        data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
            .getAsJsonArray("result");
    return StreamSupport.stream(result.spliterator(), false)
        .map(one -> one.getAsJsonObject().getAsJsonArray("value").get(1).getAsString())
        .map(Prometheus::number)
        .filter(value -> !value.isNaN())
        .toList();
  }

  private static Double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case String finite -> Double.valueOf(finite);
    };
  }

  @Override
  public void close() {
    running.close();
    http.close();
  }
}
