package org.openlockbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one recorded statement costs in processor time, and where: in the node, in the protected
/// database, in the log's, and in the load itself. Logins and the first seconds, when the compiler
/// works too, are not in it. It hangs less on what else the machine does than statements a second
/// do.
final class CostBench {
  private static final Pattern PROGRESS = Pattern.compile("progress: ([0-9.]+) s, ([0-9.]+) tps.*");

  /// Processes whose time is counted together.
  private record Counted(Supplier<Stream<ProcessHandle>> processes) {
    Duration used() {
      return processes
          .get()
          .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
          .reduce(Duration.ZERO, Duration::plus);
    }

    /// A server and all that it has started.
    static Counted tree(ProcessHandle root) {
      return new Counted(() -> Stream.concat(Stream.of(root), root.descendants()));
    }
  }

  private final Path state;
  private final String program;
  private final int warmUp;
  private final int seconds;

  CostBench(Path state, String program, int warmUp, int seconds) {
    this.state = state;
    this.program = program;
    this.warmUp = warmUp;
    this.seconds = seconds;
  }

  void run(Access access, List<Integer> clients, int rounds) throws IOException {
    Path script = Files.createTempFile("lockbox-bench", ".sql");
    try {
      Files.writeString(script, GatewayBench.READ);
      System.out.println(
          "| clients | statements/s | node | protected PostgreSQL | log's PostgreSQL | pgbench"
              + " | load |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (int round = 0; round < rounds; round++) {
        for (int each : clients) {
          measure(access, each, script);
        }
      }
    } finally {
      Files.delete(script);
    }
  }

  private void measure(Access access, int clients, Path script) {
    var window = new Window();
    new Command(access.environment(), program, "-n", "-M", "prepared", "-P", "1")
        .with("-c", "" + clients, "-j", "" + Math.min(clients, 2))
        .with("-T", "" + (warmUp + seconds + 5 + clients / 8), "-f", script.toString())
        .watched(window);
    System.out.printf(
        "| %d | %.0f | %s | %.1f |%n",
        clients,
        window.statements / seconds,
        window.costs(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /// The seconds of one run that count.
  private final class Window implements Command.Watcher {
    private List<Counted> counted = List.of();
    private List<Duration> before = List.of();
    private List<Duration> after = List.of();
    private int told;
    private double statements;

    @Override
    public void started(ProcessHandle load) {
      ProcessHandle node =
          Peers.node(state)
              .orElseThrow(() -> new IllegalStateException("no demo runs with this state"));
      counted =
          List.of(
              new Counted(() -> Stream.of(node)),
              Counted.tree(postgres("helpdesk")),
              Counted.tree(postgres("control")),
              new Counted(() -> Stream.of(load)));
    }

    @Override
    public void said(String line) {
      var progress = PROGRESS.matcher(line);
      if (!progress.matches()) {
        return;
      }
      told++;
      if (told > warmUp && told <= warmUp + seconds) {
        statements += Double.parseDouble(progress.group(2));
      }
      if (told == warmUp) {
        before = counted.stream().map(Counted::used).toList();
      } else if (told == warmUp + seconds) {
        after = counted.stream().map(Counted::used).toList();
      }
    }

    /// Microseconds for one statement.
    String costs() {
      if (after.isEmpty()) {
        throw new IllegalStateException("the logins took too long: the load ended before its time");
      }
      return Stream.iterate(0, i -> i < after.size(), i -> i + 1)
          .map(i -> after.get(i).minus(before.get(i)).toNanos() / 1e3 / statements)
          .map("%.1f"::formatted)
          .collect(Collectors.joining(" | "));
    }
  }

  private ProcessHandle postgres(String name) {
    Path file = state.resolve("data").resolve(name).resolve("pgdata/postmaster.pid");
    try {
      return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst())).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
