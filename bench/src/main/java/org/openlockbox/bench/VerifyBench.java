package org.openlockbox.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openlockbox.bench.peer.Command;
import org.openlockbox.bench.peer.DemoGrant;

/// How long `lockbox verify` takes, as a whole process, for the evidence of one access with so many
/// statements, typed through the gateway by psql.
final class VerifyBench {
  private final int statements;
  private final int rounds;

  VerifyBench(int statements, int rounds) {
    this.statements = statements;
    this.rounds = rounds;
  }

  void run() throws IOException {
    var bundle = Files.createTempFile("lockbox-bench", ".zip");
    try {
      gather(bundle);
      var pin = lockbox("acme-approver").with("tenant", "show", "acme", "--pin").output().strip();
      System.out.println("| statements | bundle MB | `lockbox verify` s | load |");
      System.out.println("|---|---|---|---|");
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        lockbox("acme-auditor").with("verify", bundle.toString(), "--pin", pin).output();
        System.out.printf(
            "| %,d | %.1f | %.2f | %.1f |%n",
            statements,
            Files.size(bundle) / 1e6,
            (System.nanoTime() - start) / 1e9,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      }
    } finally {
      Files.delete(bundle);
    }
  }

  private void gather(Path bundle) throws IOException {
    var access = DemoGrant.open("read");
    var script = Files.createTempFile("lockbox-bench", ".sql");
    try {
      Files.writeString(
          script,
          IntStream.range(0, statements)
              .mapToObj(n -> "select id, status from tickets where id = " + n + ";\n")
              .collect(Collectors.joining()));
      new Command(access.environment(), "psql", "-X", "-q", "-o", "/dev/null")
          .with("-v", "ON_ERROR_STOP=1", "-f", script.toString())
          .output();
    } finally {
      Files.delete(script);
      access.revoke();
    }
    Files.delete(bundle);
    lockbox("acme-auditor").with("evidence", access.request(), "--out", bundle.toString()).output();
  }

  private static Command lockbox(String profile) {
    return new Command(Map.of("LOCKBOX_PROFILE", profile), "./lockbox");
  }
}
