package org.openlockbox.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openlockbox.bench.fence.FenceBench;
import org.openlockbox.bench.log.ExportBench;
import org.openlockbox.bench.log.LogBench;
import org.openlockbox.bench.log.PortalBench;
import org.openlockbox.bench.peer.AuditedPostgres;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.bench.peer.HttpPeers;
import org.openlockbox.bench.peer.OwnGateway;
import org.openlockbox.bench.peer.Peers;
import org.openlockbox.bench.peer.Servers;
import org.openlockbox.postgres.catalogue.ResourceSpec.Filter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `./lockbox bench`: prints tables for docs/performance.md. `gateway`, `http`, `cost`, `far`,
/// `revoke` and `verify` run against a demo that is already running; `fence`, `log`, `portal` and
/// `export` start a server and a database of their own. `pauses` needs neither.
@Command(
    name = "lockbox bench",
    mixinStandardHelpOptions = true,
    description =
        "Benchmarks. For gateway, http, cost, far, revoke and verify start ./lockbox demo in another terminal first.",
    subcommands = {
      Main.Gateway.class,
      Main.Http.class,
      Main.Cost.class,
      Main.Far.class,
      Main.Revoke.class,
      Main.Verify.class,
      Main.Fence.class,
      Main.Log.class,
      Main.Portal.class,
      Main.Export.class,
      Main.Pauses.class
    },
    synopsisSubcommandLabel = "gateway|http|cost|far|revoke|verify|fence|log|portal|export|pauses")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
  }

  /// Where the demo keeps its files.
  private static Path state() {
    return Path.of(Optional.ofNullable(System.getenv("LOCKBOX_STATE")).orElse(".lockbox"));
  }

  /// Where PostgreSQL's load generator is: on the path, or where Debian keeps it.
  public static String pgbench() {
    return List.of("/usr/bin/pgbench", "/usr/lib/postgresql/17/bin/pgbench").stream()
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst()
        .orElse("pgbench");
  }

  /// Where charts are drawn.
  static final class Charts {
    @Option(
        names = "--charts",
        defaultValue = "docs/charts",
        description = "where charts are drawn")
    private Path directory = Path.of("docs/charts");
  }

  @Command(
      name = "gateway",
      mixinStandardHelpOptions = true,
      description = "Recorded reads, a large result, logins and idle sessions beside the peers.")
  static final class Gateway implements Callable<Integer> {
    @Option(
        names = "--only",
        split = ",",
        defaultValue = "IDLE,READS,AUDIT,LARGE,LOGIN,BESIDE,NEIGHBOUR",
        description = "these tables: ${COMPLETION-CANDIDATES}")
    private List<GatewayBench.Table> tables = List.of();

    @Option(names = "--clients", split = ",", defaultValue = "1,4,16,64,256")
    private List<Integer> clients = List.of();

    @Option(names = "--modes", split = ",", defaultValue = "simple,extended,prepared")
    private List<String> modes = List.of();

    @Option(names = "--seconds", defaultValue = "12", description = "of each run")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Option(
        names = "--short",
        description =
            "a quarter of an hour: prepared statements at 1, 16 and 64 clients, one round")
    private boolean brief;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      var size =
          brief
              ? new GatewayBench.Size(tables, List.of(1, 16, 64), List.of("prepared"), seconds, 1)
              : new GatewayBench.Size(tables, clients, modes, seconds, rounds);
      DemoGrant access = DemoGrant.open("read");
      try (var own = new OwnGateway(state());
          var peers = new Peers(state(), access, own)) {
        Optional<AuditedPostgres> audited =
            tables.contains(GatewayBench.Table.AUDIT)
                ? AuditedPostgres.start(state())
                : Optional.empty();
        try {
          new GatewayBench(pgbench(), size, charts.directory)
              .run(peers, Servers.of(state()).database(), audited);
        } finally {
          audited.ifPresent(AuditedPostgres::close);
        }
      } finally {
        access.revoke();
      }
      return 0;
    }
  }

  @Command(
      name = "http",
      mixinStandardHelpOptions = true,
      description = "Requests and downloads through the HTTP gateway, beside nginx and Caddy.")
  static final class Http implements Callable<Integer> {
    @Option(names = "--clients", split = ",", defaultValue = "1,16,64,256")
    private List<Integer> clients = List.of();

    @Option(names = "--seconds", defaultValue = "10", description = "of each run")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "1")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      int most = clients.stream().mapToInt(Integer::intValue).max().orElse(1);
      int tokens = (most + HttpPeers.CONNECTIONS - 1) / HttpPeers.CONNECTIONS;
      try (var peers = HttpPeers.start(state(), tokens)) {
        new HttpBench(new HttpBench.Size(clients, seconds, rounds), peers.all()).run();
      }
      return 0;
    }
  }

  @Command(
      name = "cost",
      mixinStandardHelpOptions = true,
      description = "Processor time for one read, in microseconds, by peer and process.")
  static final class Cost implements Callable<Integer> {
    @Option(names = "--clients", split = ",", defaultValue = "64")
    private List<Integer> clients = List.of();

    @Option(names = "--modes", split = ",", defaultValue = "prepared")
    private List<String> modes = List.of();

    @Option(names = "--warm-up", defaultValue = "8", description = "seconds before each count")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "20")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "2")
    private int rounds;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      DemoGrant access = DemoGrant.open("read");
      try (var own = new OwnGateway(state());
          var peers = new Peers(state(), access, own)) {
        var size = new CostBench.Size(clients, modes, warmUp, seconds, rounds);
        new CostBench(pgbench(), size, Servers.of(state())).run(peers.all(), charts.directory);
      } finally {
        access.revoke();
      }
      return 0;
    }
  }

  @Command(
      name = "far",
      mixinStandardHelpOptions = true,
      description =
          "Recorded reads while the log's database is a millisecond away. Takes the place of the"
              + " demo's gateway: start the demo again afterwards.")
  static final class Far implements Callable<Integer> {
    @Option(names = "--clients", split = ",", defaultValue = "1,16,64,256")
    private List<Integer> clients = List.of();

    @Option(names = "--modes", split = ",", defaultValue = "prepared")
    private List<String> modes = List.of();

    @Option(names = "--seconds", defaultValue = "12", description = "of each run")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "2")
    private int rounds;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      DemoGrant access = DemoGrant.open("read");
      var size = new GatewayBench.Size(List.of(), clients, modes, seconds, rounds);
      try {
        new FarBench(pgbench(), size, charts.directory).run(state(), access);
      } finally {
        access.revoke();
      }
      return 0;
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description =
          "From the approver's click to the last byte of every live session, connected and cut off.")
  static final class Revoke implements Callable<Integer> {
    @Option(names = "--sessions", defaultValue = "1000")
    private int sessions;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      DemoGrant access = DemoGrant.open("read");
      System.out.println(
          "| sessions | gateway | they are | silent before p50 / p99 / max ms (of)"
              + " | last byte p50 / p99 / max ms (of) | told p50 / p99 / max ms (of) |");
      System.out.println("|---|---|---|---|---|---|");
      try (var own = new OwnGateway(state());
          var peers = new Peers(state(), access, own)) {
        var bench = new RevokeBench(sessions, peers, Approver.signedIn(state()), charts.directory);
        bench.connected();
        bench.cutOff(own);
      } finally {
        access.revoke();
      }
      return 0;
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "The whole `lockbox verify` of one access with many statements.")
  static final class Verify implements Callable<Integer> {
    @Option(names = "--statements", defaultValue = "10000")
    private int statements;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Override
    public Integer call() throws Exception {
      new VerifyBench(statements, rounds).run();
      return 0;
    }
  }

  @Command(
      name = "fence",
      mixinStandardHelpOptions = true,
      description = "Queries of a table of users: direct, and through the views of the fence.")
  static final class Fence implements Callable<Integer> {
    @Option(names = "--tenants", split = ",", defaultValue = "10,1000")
    private List<Integer> tenants = List.of();

    @Option(names = "--users", defaultValue = "1000000", description = "of all tenants together")
    private long users;

    @Option(names = "--rounds", defaultValue = "25")
    private int rounds;

    @Option(names = "--filters", split = ",", defaultValue = "policies,views")
    private List<Filter> filters = List.of();

    @Override
    public Integer call() throws Exception {
      for (int each : tenants) {
        new FenceBench(each, users, rounds, filters, System.out).run();
      }
      return 0;
    }
  }

  @Command(
      name = "log",
      mixinStandardHelpOptions = true,
      description =
          "Tenant logs: append to durable and to signed, ceiling, epochs, proofs, memory.")
  static final class Log implements Callable<Integer> {
    @Option(names = "--tenants", split = ",", defaultValue = "1000,10000,100000")
    private List<Integer> tenants = List.of();

    @Option(names = "--rate", defaultValue = "10000", description = "entries a second, open loop")
    private double rate;

    @Option(
        names = "--warm-up",
        defaultValue = "10",
        description = "seconds before each measurement")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "20")
    private int seconds;

    @Option(
        names = "--entries",
        split = ",",
        defaultValue = "10000,100000,1000000,10000000",
        description = "sizes of one log at which proofs are made")
    private List<Long> entries = List.of();

    @Option(names = "--gateways", defaultValue = "16")
    private int gateways;

    @Option(names = "--proofs", defaultValue = "2000")
    private int proofs;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      var size =
          new LogBench.Size(
              tenants,
              rate,
              Duration.ofSeconds(warmUp),
              Duration.ofSeconds(seconds),
              entries,
              gateways,
              proofs,
              seed);
      new LogBench(size, charts.directory, System.out).run();
      return 0;
    }
  }

  @Command(
      name = "portal",
      mixinStandardHelpOptions = true,
      description = "The portal's pages of a tenant with years of requests behind it.")
  static final class Portal implements Callable<Integer> {
    @Option(names = "--requests", defaultValue = "100000")
    private int requests;

    @Option(names = "--entries", defaultValue = "1000000")
    private long entries;

    @Option(names = "--tenants", defaultValue = "10000", description = "beside that one")
    private int tenants;

    @Option(names = "--fetches", defaultValue = "200", description = "of each page")
    private int fetches;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      var size = new PortalBench.PortalSize(requests, entries, tenants, fetches, seed);
      new PortalBench(size, charts.directory, System.out).run();
      return 0;
    }
  }

  @Command(
      name = "pauses",
      mixinStandardHelpOptions = true,
      description = "For how long each garbage collector stops a program, by the size of its heap.")
  static final class Pauses implements Callable<Integer> {
    @Option(names = "--seconds", defaultValue = "60", description = "of each program")
    private int seconds;

    @Override
    public Integer call() throws Exception {
      new PauseBench(seconds).run();
      return 0;
    }
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "A log as events: fetched in each form, and told to a sink of each kind.")
  static final class Export implements Callable<Integer> {
    @Option(names = "--entries", defaultValue = "100000")
    private long entries;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Mixin private Charts charts = new Charts();

    @Override
    public Integer call() throws Exception {
      new ExportBench(entries, seed, charts.directory, System.out).run();
      return 0;
    }
  }
}
