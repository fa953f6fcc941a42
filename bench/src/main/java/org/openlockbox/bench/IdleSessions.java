package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.bench.chart.BarChart;
import org.openlockbox.bench.load.IdleCrowd;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Proc;

/// What a session that does nothing costs, for each peer the process in between, where nothing is,
/// the database's own: memory and processor time, more than without sessions. Of a Java program the
/// memory is what lives on its heap after a full collection; of others, what they have in memory.
final class IdleSessions {
  private static final int SESSIONS = 240;
  private static final Duration IDLE = Duration.ofSeconds(8);
  private static final Pattern LIVING = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private final String program;
  private final ProcessHandle database;

  /// @param database the PostgreSQL behind the peers
  IdleSessions(String program, ProcessHandle database) {
    this.program = program;
    this.database = database;
  }

  /// @param share of one processor
  private record Cost(double kilobytes, double share) {}

  void measure(List<Peer> peers, Path chartFile) throws IOException {
    System.out.printf("%n%d idle sessions%n%n", SESSIONS);
    System.out.println("| peer | memory each, kB | threads more | percent of one processor, all |");
    System.out.println("|---|---|---|---|");
    var chart = new BarChart("Memory of an idle session", "kB");
    for (Peer peer : peers) {
      Cost none = cost(peer);
      long threads = Proc.threads(processes(peer));
      try (var _ = IdleCrowd.of(program, database, List.of(peer), SESSIONS)) {
        Cost some = cost(peer);
        double each = (some.kilobytes() - none.kilobytes()) / SESSIONS;
        System.out.printf(
            "| %s | %.1f | %d | %.1f |%n",
            peer.name(),
            each,
            Proc.threads(processes(peer)) - threads,
            100 * (some.share() - none.share()));
        chart.row(peer.name(), Math.max(0, each));
      }
    }
    chart.write(chartFile);
  }

  private Stream<ProcessHandle> processes(Peer peer) {
    return peer.between().map(Stream::of).orElseGet(() -> Proc.tree(database));
  }

  private Cost cost(Peer peer) {
    double kilobytes = kilobytes(peer);
    Duration before = Proc.used(processes(peer));
    LockSupport.parkNanos(IDLE.toNanos());
    Duration used = Proc.used(processes(peer)).minus(before);
    return new Cost(kilobytes, (double) used.toNanos() / IDLE.toNanos());
  }

  private double kilobytes(Peer peer) {
    Optional<ProcessHandle> java = peer.between().filter(process -> peer.isOurs());
    return java.map(IdleSessions::heap).orElseGet(() -> Proc.memory(processes(peer)) * 1.0);
  }

  /// The kilobytes that live on the heap of a Java program: of this one or of another.
  static double heap(ProcessHandle java) {
    if (java.equals(ProcessHandle.current())) {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0;
    }
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String classes = new Command(Map.of(), jcmd, "" + java.pid(), "GC.class_histogram").output();
    var total = LIVING.matcher(classes);
    if (!total.find()) {
      throw new IllegalStateException("no total in the class histogram of " + java.pid());
    }
    return Long.parseLong(total.group(1)) / 1024.0;
  }
}
