package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.bench.load.PgBench;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Proc;
import org.openlockbox.bench.peer.Servers;

/// What one read costs in processor time on the way of each peer, and where. Logins and the first
/// seconds, when the compiler works too, are not in it. It hangs less on what else the machine does
/// than statements a second do.
final class CostBench {
  private static final String PREPARED = "prepared";
  private static final Pattern PROGRESS = Pattern.compile("progress: ([0-9.]+) s, ([0-9.]+) tps.*");

  /// Where time goes: the load itself, the protected database, and what is in between.
  private enum Part {
    LOAD("pgbench"),
    DATABASE("database"),
    RELAY("relay"),
    RECORDER("recorder"),
    REST("rest of it"),
    LOG("log's database");

    private final String words;

    Part(String words) {
      this.words = words;
    }
  }

  private static final Part[] PARTS = Part.values();

  /// How much is run.
  record Size(List<Integer> clients, List<String> modes, int warmUp, int seconds, int rounds) {
    Size {
      clients = List.copyOf(clients);
      modes = List.copyOf(modes);
    }
  }

  private final String program;
  private final Size size;
  private final Servers servers;

  CostBench(String program, Size size, Servers servers) {
    this.program = program;
    this.size = size;
    this.servers = servers;
  }

  /// What is measured at a time.
  private record Way(String mode, int clients) {
    String drawing() {
      return mode.equals(PREPARED) ? "cost-" + clients : "cost-%s-%d".formatted(mode, clients);
    }
  }

  void run(List<Peer> peers, Path charts) throws IOException {
    Path script = Files.createTempFile("lockbox-bench", ".sql");
    try {
      Files.writeString(script, GatewayBench.READ);
      GatewayBench.compile(new PgBench(program, script), peers);
      System.out.println(
          "| mode | clients | peer | reads/s | %s | all | load |"
              .formatted(
                  Arrays.stream(PARTS).map(p -> p.words).collect(Collectors.joining(" | "))));
      System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
      Map<Way, Map<String, List<Seen>>> seen = new LinkedHashMap<>();
      for (int round = 0; round < size.rounds(); round++) {
        for (Way way : ways()) {
          for (Peer peer : peers) {
            seen.computeIfAbsent(way, w -> new TreeMap<>())
                .computeIfAbsent(peer.name(), n -> new ArrayList<>())
                .add(measure(peer, way, script));
          }
        }
      }
      seen.forEach((way, byPeer) -> draw(way, peers, byPeer, charts));
    } finally {
      Files.delete(script);
    }
  }

  private List<Way> ways() {
    return size.modes().stream()
        .flatMap(mode -> size.clients().stream().map(clients -> new Way(mode, clients)))
        .toList();
  }

  /// Microseconds of each part for one statement.
  private record Seen(Map<Part, Double> micros) {
    double of(Part part) {
      return micros.getOrDefault(part, 0.0);
    }

    double all() {
      return micros.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  private Seen measure(Peer peer, Way way, Path script) {
    int clients = way.clients();
    var window = new Window(peer);
    new Command(peer.environment(), program, "-n", "-M", way.mode(), "-P", "1")
        .with("-c", "" + clients, "-j", "" + Math.min(clients, 2))
        .with("-T", "" + (size.warmUp() + size.seconds() + 5 + clients / 8))
        .with("-f", script.toString())
        .watched(window);
    Seen seen = window.seen();
    System.out.printf(
        "| %s | %d | %s | %.0f | %s | %.0f | %.1f |%n",
        way.mode(),
        clients,
        peer.name(),
        window.statements / size.seconds(),
        Arrays.stream(PARTS)
            .map(part -> seen.micros().containsKey(part) ? "%.1f".formatted(seen.of(part)) : "-")
            .collect(Collectors.joining(" | ")),
        seen.all(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return seen;
  }

  private void draw(Way way, List<Peer> peers, Map<String, List<Seen>> byPeer, Path charts) {
    int clients = way.clients();
    var chart =
        new BarChart(
            "Processor time of one read, %s, %d %s"
                .formatted(way.mode(), clients, clients == 1 ? "client" : "clients"),
            "µs",
            Arrays.stream(PARTS).map(part -> part.words).toArray(String[]::new));
    for (Peer peer : peers) {
      List<Seen> rounds = byPeer.getOrDefault(peer.name(), List.of());
      var ends = DoubleStream.builder();
      double sum = 0;
      for (Part part : PARTS) {
        sum += rounds.stream().mapToDouble(seen -> seen.of(part)).average().orElse(0);
        ends.add(sum);
      }
      chart.row(peer.name(), ends.build().toArray());
    }
    chart.write(charts.resolve(way.drawing() + ".svg"));
  }

  /// The seconds of one run that count.
  private final class Window implements Command.Watcher {
    private final Peer peer;
    private final Map<Part, Supplier<Duration>> counted = new EnumMap<>(Part.class);
    private Map<Part, Duration> before = Map.of();
    private Map<Part, Duration> after = Map.of();
    private int told;
    private double statements;

    Window(Peer peer) {
      this.peer = peer;
    }

    @Override
    public void started(ProcessHandle load) {
      counted.put(Part.LOAD, () -> Proc.used(Stream.of(load)));
      counted.put(Part.DATABASE, () -> Proc.used(Proc.tree(servers.database())));
      peer.between().ifPresent(this::between);
    }

    private void between(ProcessHandle process) {
      if (!peer.isOurs()) {
        counted.put(Part.RELAY, peer::used);
        return;
      }
      Supplier<Duration> relay = () -> Proc.used(process, "session-loop");
      Supplier<Duration> recorder = () -> Proc.used(process, "recorder");
      counted.put(Part.RELAY, relay);
      counted.put(Part.RECORDER, recorder);
      counted.put(Part.REST, () -> peer.used().minus(relay.get()).minus(recorder.get()));
      if (peer.isRecorded()) {
        counted.put(Part.LOG, () -> Proc.used(Proc.tree(servers.log())));
      }
    }

    @Override
    public void said(String line) {
      var progress = PROGRESS.matcher(line);
      if (!progress.matches()) {
        return;
      }
      told++;
      if (told > size.warmUp() && told <= size.warmUp() + size.seconds()) {
        statements += Double.parseDouble(progress.group(2));
      }
      if (told == size.warmUp()) {
        before = now();
      } else if (told == size.warmUp() + size.seconds()) {
        after = now();
      }
    }

    private Map<Part, Duration> now() {
      var now = new EnumMap<Part, Duration>(Part.class);
      counted.forEach((part, used) -> now.put(part, used.get()));
      return now;
    }

    Seen seen() {
      if (after.isEmpty()) {
        throw new IllegalStateException("the logins took too long: the load ended before its time");
      }
      var micros = new EnumMap<Part, Double>(Part.class);
      after.forEach(
          (part, used) ->
              micros.put(
                  part,
                  used.minus(before.getOrDefault(part, Duration.ZERO)).toNanos()
                      / 1e3
                      / statements));
      return new Seen(micros);
    }
  }
}
