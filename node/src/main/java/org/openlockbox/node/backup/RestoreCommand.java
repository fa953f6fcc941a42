package org.openlockbox.node.backup;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.openlockbox.node.backup.RememberedLogs.LostEntries;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import org.openlockbox.server.Maintenance;
import org.openlockbox.server.backup.DatabaseSnapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox restore`: fills an empty database from a backup, and checks every log of it.
@Command(
    name = "restore",
    description = {
      "Fills the control plane's empty database from what lockbox backup wrote, brings its tables"
          + " up to date, and checks every log from its first entry to its last.",
      "Stop every server first. Refuses a backup that is behind what this host has signed, unless"
          + " you say that the entries are lost. Needs pg_restore and psql."
    },
    footer = {
      "",
      "Example:",
      "  lockbox restore --config /etc/lockbox/server.yaml --from /var/backups/lockbox-1"
    })
public final class RestoreCommand implements Callable<Integer> {
  private static final int SHOWN = 10;

  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Option(names = "--from", required = true, paramLabel = "DIRECTORY")
  private Path backup = Path.of("");

  @Option(
      names = "--lose-entries",
      description =
          "There is no newer backup: entries that were signed are lost for good. Afterwards"
              + " lockbox recover puts that on record.")
  private boolean loses;

  @Override
  public Integer call() throws SQLException {
    var read = ConfigReader.read(config);
    var tools = new PostgresTools(BackupCommand.database(read));
    var log = read.server().orElseThrow().log();
    var manifest = BackupManifest.read(backup);
    manifest.requireFiles(backup);
    if (!manifest.logHost().equals(log.host())) {
      throw new NodeFailure(
          Code.USAGE,
          "the backup is of %s, and server.logHost is %s"
              .formatted(manifest.logHost(), log.host()));
    }
    try (var remembered = RememberedLogs.take(log.signedHeads(), Node.clock())) {
      var lost = remembered.lostBy(manifest);
      requireNothingLost(lost);
      if (!tools.isEmpty()) {
        throw new NodeFailure(
            Code.FAILURE,
            "the database is not empty, and nothing in it is touched; drop it and create it anew");
      }
      tools.restore(backup.resolve(BackupDirectory.DUMP));
      check(read, manifest);
      System.err.printf(
          "lockbox: restored as of %s and checked: %d logs with %d entries%n",
          manifest.time(), manifest.logs().size(), manifest.entries());
      System.out.print(nextSteps(lost, remembered.isEmpty()));
    }
    return 0;
  }

  private void requireNothingLost(List<LostEntries> lost) {
    if (!lost.isEmpty() && !loses) {
      throw new NodeFailure(
          Code.FAILURE,
          "this backup is older than what was signed here, and nothing was restored: %s%s. Take a"
                  .formatted(
                      lost.stream().limit(SHOWN).map(LostEntries::toString).collect(joining("; ")),
                      lost.size() > SHOWN ? "; and %d more".formatted(lost.size() - SHOWN) : "")
              + " newer backup; if there is none, add --lose-entries");
    }
  }

  /// The database is what was backed up, and every log in it holds.
  private static void check(NodeConfig config, BackupManifest manifest) {
    var faults = new ArrayList<String>();
    try (var task = Node.maintenance(config)) {
      Maintenance maintenance = task.maintenance();
      var found = new HashSet<>(maintenance.snapshot(DatabaseSnapshot::logs));
      for (var log : manifest.logs()) {
        if (!found.remove(log)) {
          faults.add(log.origin() + " is not as it was backed up");
        }
        var seen = maintenance.look(log);
        seen.faults().forEach(fault -> faults.add(log.origin() + ": " + fault));
        seen.remarks().stream()
            .limit(SHOWN)
            .forEach(it -> System.err.printf("lockbox: note, %s: %s%n", log.origin(), it));
      }
      found.forEach(log -> faults.add(log.origin() + " was not backed up"));
      maintenance.requireWrappingKey();
    } catch (IllegalStateException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    if (!faults.isEmpty()) {
      throw new NodeFailure(
          Code.FAILURE,
          "the database was restored and does not hold; start no server: "
              + faults.stream().limit(SHOWN).collect(joining("; ")));
    }
  }

  private String nextSteps(List<LostEntries> lost, boolean remembersNothing) {
    var steps = new StringBuilder();
    if (remembersNothing) {
      steps.append(
          """
          This host remembers nothing of what was signed. Make sure that no newer backup exists, then:
            lockbox remember --config %s
          """
              .formatted(config));
    }
    if (!lost.isEmpty()) {
      steps.append("Entries are lost. Put that on record, log by log, before you go on:\n");
      lost.forEach(
          one ->
              steps.append(
                  "  lockbox recover --config %s --log %s --reason '…'%n"
                      .formatted(config, one.origin())));
      steps.append("and then the log of all epochs, with every server stopped.\n");
    }
    return steps.append("Start the servers.\n").toString();
  }
}
