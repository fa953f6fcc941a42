package org.openlockbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./lockbox bench`: each benchmark runs against a demo that is already running, and prints a
/// table for docs/performance.md.
@Command(
    name = "lockbox bench",
    mixinStandardHelpOptions = true,
    description = "Benchmarks. Start ./lockbox demo in another terminal first.",
    subcommands = {Main.Reads.class, Main.Revocations.class},
    synopsisSubcommandLabel = "reads|revocations")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  /// Where the demo keeps its files.
  private static Path state() {
    return Path.of(Optional.ofNullable(System.getenv("LOCKBOX_STATE")).orElse(".lockbox"));
  }

  /// Where PostgreSQL's load generator is: on the path, or where Debian keeps it.
  static String pgbench() {
    return List.of("/usr/bin/pgbench", "/usr/lib/postgresql/17/bin/pgbench").stream()
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst()
        .orElse("pgbench");
  }

  @Command(
      name = "reads",
      mixinStandardHelpOptions = true,
      description = "Recorded reads per second beside direct and PgBouncer.")
  static final class Reads implements Callable<Integer> {
    @Option(names = "--clients", split = ",", defaultValue = "1,16,64")
    private List<Integer> clients = List.of();

    @Option(names = "--seconds", defaultValue = "10")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Option(names = "--mode", defaultValue = "prepared", description = "simple|extended|prepared")
    private String mode = "prepared";

    @Override
    public Integer call() throws Exception {
      Access access = Access.open("read");
      try (var peers = new Peers(state(), access)) {
        new ReadsBench(pgbench(), seconds, rounds, mode).run(peers.all(), clients);
      } finally {
        access.revoke();
      }
      return 0;
    }
  }

  @Command(
      name = "revocations",
      mixinStandardHelpOptions = true,
      description = "Signed revocation to the last byte of every live session.")
  static final class Revocations implements Callable<Integer> {
    @Option(names = "--sessions", defaultValue = "100")
    private int sessions;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new RevocationBench(sessions, rounds).run();
      return 0;
    }
  }
}
