package org.openlockbox.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.Peer;
import org.openlockbox.bench.peer.Proc;

/// Sessions that have logged in, had one statement answered, and do nothing until this is closed.
public final class IdleCrowd implements AutoCloseable {
  private static final Duration LET_IN_WITHIN = Duration.ofMinutes(5);
  private static final Duration SETTLE = Duration.ofSeconds(4);
  private static final long LOOK_NANOS = 200_000_000L;
  private static final String SLEEP = "select 1;\n\\sleep 1800 s\n";

  private final List<Process> processes = new ArrayList<>();

  private IdleCrowd() {}

  /// All of them are let in and still when this returns.
  ///
  /// @param program pgbench
  /// @param database the protected PostgreSQL, where every session has a backend of its own
  /// @param each how many sessions each of these ways carries
  public static IdleCrowd of(String program, ProcessHandle database, List<Peer> ways, int each)
      throws IOException {
    Path script = Files.createTempFile("lockbox-idle", ".sql");
    Files.writeString(script, SLEEP);
    script.toFile().deleteOnExit();
    long backends = Proc.tree(database).count() + (long) ways.size() * each;
    var crowd = new IdleCrowd();
    try {
      for (Peer way : ways) {
        crowd.processes.add(
            new Command(way.environment(), program, "-n", "-c", "" + each, "-j", "2")
                .with("-t", "1", "-f", script.toString())
                .start());
      }
      crowd.await(database, backends);
      return crowd;
    } catch (IllegalStateException e) {
      crowd.close();
      throw e;
    }
  }

  private void await(ProcessHandle database, long backends) {
    long deadline = System.nanoTime() + LET_IN_WITHIN.toNanos();
    while (Proc.tree(database).count() < backends) {
      if (processes.stream().anyMatch(process -> !process.isAlive())) {
        throw new IllegalStateException("a load of idle sessions has ended");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("not all idle sessions were let in");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    LockSupport.parkNanos(SETTLE.toNanos());
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    processes.forEach(process -> process.onExit().join());
  }
}
