package org.openlockbox.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.Peer;

/// Runs PostgreSQL's own load generator against a peer.
public final class PgBench {
  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
  private static final Pattern CONNECTING =
      Pattern.compile("initial connection time = ([0-9.]+) ms");
  private static final Pattern AVERAGE = Pattern.compile("latency average = ([0-9.]+)");

  private static final Duration LET_IN_WITHIN = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final String program;
  private final Path script;

  public PgBench(String program, Path script) {
    this.program = program;
    this.script = script;
  }

  /// Its time limit counts the logins, its rates do not, so the time that logins take comes on top.
  public LoadResult run(Peer peer, int clients, int seconds, String mode) {
    double logins = summary(once(peer, clients, mode)).getOrDefault("logins", 0.0) / 1000;
    return timed(peer, clients, seconds + (int) Math.ceil(logins * 1.2), mode);
  }

  /// One statement for each client. A gateway that could not ask for its lease, because another
  /// peer's load took the processors, lets nobody in for a moment; it is asked again.
  private String once(Peer peer, int clients, String mode) {
    long deadline = System.nanoTime() + LET_IN_WITHIN.toNanos();
    while (true) {
      try {
        return new Command(peer.environment(), program, "-n", "-M", mode)
            .with("-c", "" + clients, "-j", "" + Math.min(clients, 2), "-t", "1")
            .with("-f", script.toString())
            .output();
      } catch (IllegalStateException e) {
        boolean lapsed = String.valueOf(e.getMessage()).contains("the gateway holds no lease");
        if (!lapsed || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private LoadResult timed(Peer peer, int clients, int seconds, String mode) {
    try {
      Path directory = Files.createTempDirectory("lockbox-bench");
      try {
        Duration before = peer.used();
        String out =
            new Command(peer.environment(), program, "-n", "-M", mode)
                .with("-c", "" + clients, "-j", "" + Math.min(clients, 2), "-T", "" + seconds)
                .with("-f", script.toString(), "-l", "--log-prefix=" + directory.resolve("log"))
                .output();
        Duration used = peer.used().minus(before);
        return LoadResult.of(summary(out), TransactionLog.read(directory, clients), used);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The milliseconds that one transaction takes on average, of so many by one client.
  ///
  /// @param more further options
  public double average(Peer peer, int transactions, String... more) {
    String out =
        new Command(peer.environment(), program, "-n", "-c", "1", "-t", "" + transactions)
            .with("-f", script.toString())
            .with(more)
            .output();
    return summary(out).getOrDefault("latency average", Double.NaN);
  }

  private static Map<String, Double> summary(String out) {
    var found = new HashMap<String, Double>();
    first(TPS, out, found, "tps");
    first(AVERAGE, out, found, "latency average");
    first(CONNECTING, out, found, "logins");
    return found;
  }

  private static void first(Pattern pattern, String out, Map<String, Double> found, String name) {
    Matcher matcher = pattern.matcher(out);
    if (matcher.find()) {
      found.put(name, Double.valueOf(matcher.group(1)));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
