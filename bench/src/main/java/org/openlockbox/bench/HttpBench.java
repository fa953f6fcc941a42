package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openlockbox.bench.load.Wrk;
import org.openlockbox.bench.load.Wrk.HttpLoad;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.HttpPeer;
import org.openlockbox.bench.peer.Proc;

/// The HTTP gateway beside direct, nginx and Caddy, peers alternating within one run: small
/// answers, masked ones, and a large download.
final class HttpBench {
  private static final String PATH = "/v1/tenants/acme/bench-";
  private static final int WARM_UP_SECONDS = 6;
  private static final int DOWNLOADS = 5;

  /// How much is run.
  record Size(List<Integer> clients, int seconds, int rounds) {
    Size {
      clients = List.copyOf(clients);
    }
  }

  /// What is asked for.
  private enum HttpQuestion {
    SMALL("small", "read"),
    MASKED("masked", "masked");

    private final String path;
    private final String level;

    HttpQuestion(String path, String level) {
      this.path = PATH + path;
      this.level = level;
    }
  }

  private final Size size;
  private final List<HttpPeer> peers;

  HttpBench(Size size, List<HttpPeer> peers) {
    this.size = size;
    this.peers = List.copyOf(peers);
  }

  void run() throws Exception {
    System.out.println(
        "| answer | clients | peer | requests/s | to nginx | p50 ms | p99 ms | µs of the peer | load |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (HttpQuestion question : HttpQuestion.values()) {
      for (HttpPeer peer : peers) {
        asked(peer, question, 16, WARM_UP_SECONDS);
      }
      for (int clients : size.clients()) {
        for (int round = 0; round < size.rounds(); round++) {
          row(question, clients);
        }
      }
    }
    large();
  }

  private void row(HttpQuestion question, int clients) throws Exception {
    Optional<Double> nginx = Optional.empty();
    for (HttpPeer peer : peers) {
      Duration before = used(peer);
      HttpLoad load = asked(peer, question, clients, size.seconds());
      double micros = used(peer).minus(before).toNanos() / 1e3 / (load.rate() * size.seconds());
      if (peer.name().equals("nginx")) {
        nginx = Optional.of(load.rate());
      }
      System.out.printf(
          "| %s | %d | %s | %.0f | %s | %.2f | %.2f | %.0f | %.1f |%n",
          question.name().toLowerCase(Locale.ROOT),
          clients,
          peer.name(),
          load.rate(),
          nginx.map(rate -> "%.2f".formatted(load.rate() / rate)).orElse("-"),
          load.p50(),
          load.p99(),
          micros,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  private static HttpLoad asked(HttpPeer peer, HttpQuestion question, int clients, int seconds)
      throws Exception {
    List<String> headers = peer.headers().apply(question.level);
    return Wrk.run(peer.base() + question.path, clients, headers, seconds);
  }

  /// Processor time of the process in between and of those that it started.
  private static Duration used(HttpPeer peer) {
    return peer.between().map(root -> Proc.used(ownTree(root))).orElse(Duration.ZERO);
  }

  private static Stream<ProcessHandle> ownTree(ProcessHandle root) {
    return root.equals(ProcessHandle.current()) ? Stream.of(root) : Proc.tree(root);
  }

  private void large() throws IOException {
    System.out.println("\n| download of 100 MiB | median, MB/s | to nginx |");
    System.out.println("|---|---|---|");
    Map<String, List<Double>> speeds = new LinkedHashMap<>();
    for (int round = -1; round < DOWNLOADS; round++) {
      for (HttpPeer peer : peers) {
        double speed = download(peer);
        if (round >= 0) {
          speeds.computeIfAbsent(peer.name(), _ -> new ArrayList<>()).add(speed);
        }
      }
    }
    double nginx = median(speeds.getOrDefault("nginx", List.of(1.0)));
    speeds.forEach(
        (name, all) ->
            System.out.printf("| %s | %.0f | %.2f |%n", name, median(all), median(all) / nginx));
  }

  private static double download(HttpPeer peer) throws IOException {
    Path headers = Files.createTempFile("lockbox-bench", ".header");
    try {
      Files.write(headers, peer.headers().apply("read").stream().limit(1).toList());
      String speed =
          new Command(Map.of(), "curl", "--silent", "--show-error", "--fail", "--insecure")
              .with("-H", "@" + headers, "-o", "/dev/null", "-w", "%{speed_download}")
              .with(peer.base() + PATH + "large")
              .output();
      return Double.parseDouble(speed.strip()) / 1e6;
    } finally {
      Files.delete(headers);
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
  }
}
