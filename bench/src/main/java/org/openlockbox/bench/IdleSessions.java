package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// What a session costs a gateway while it does nothing: memory after a collection, threads,
/// processor time. Counted in this very program, whose gateway serves them.
final class IdleSessions {
  private static final int SESSIONS = 240;
  private static final Duration IDLE = Duration.ofSeconds(8);

  private final String program;

  IdleSessions(String program) {
    this.program = program;
  }

  private record Cost(long heap, int threads, Duration cpu) {
    static Cost now() {
      System.gc();
      return new Cost(
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
    }
  }

  void measure(Map<String, String> gateway) throws IOException {
    Path script = Files.createTempFile("lockbox-idle", ".sql");
    Files.writeString(script, "select 1;\n\\sleep %d s\n".formatted(3 * IDLE.toSeconds()));
    script.toFile().deleteOnExit();
    Cost none = Cost.now();
    Process idle =
        new Command(gateway, program, "-n", "-c", "" + SESSIONS, "-j", "2")
            .with("-t", "1", "-f", script.toString())
            .start();
    try {
      LockSupport.parkNanos(2 * IDLE.toNanos()); // all have logged in and sleep
      Cost before = Cost.now();
      LockSupport.parkNanos(IDLE.toNanos());
      Duration used = Cost.now().cpu().minus(before.cpu());
      System.out.printf(
          "%n%d idle sessions: %.1f kB of heap each, %d threads more in all, %.1f %% of a core%n",
          SESSIONS,
          (before.heap() - none.heap()) / 1024.0 / SESSIONS,
          before.threads() - none.threads(),
          used.toMillis() * 100.0 / IDLE.toMillis());
    } finally {
      idle.destroy();
    }
  }
}
