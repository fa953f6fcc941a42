package org.openlockbox.node.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.config.NodeConfig;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings;
import org.openlockbox.node.config.NodeConfig.DatabaseSettings.External;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox backup`: the control plane's database as it is at one moment, and the configuration.
@Command(
    name = "backup",
    description = {
      "Writes the control plane's database, as it is at one moment, and the configuration into a"
          + " new directory. Servers go on meanwhile.",
      "No key, password or token is in it, nor what this server remembers of what it signed:"
          + " keep those elsewhere. Needs pg_dump."
    },
    footer = {
      "",
      "Example:",
      "  lockbox backup --config /etc/lockbox/server.yaml --to /var/backups/lockbox-1"
    })
public final class BackupCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIRECTORY",
      description = "A directory that is not there yet.")
  private Path directory = Path.of("");

  @Override
  public Integer call() throws IOException {
    var read = ConfigReader.read(config);
    var tools = new PostgresTools(database(read));
    var backup = BackupDirectory.begin(directory);
    var left = backup.copyConfiguration(read);
    BackupManifest manifest;
    try (var task = Node.inspection(read)) {
      manifest =
          task.maintenance()
              .snapshot(
                  snapshot -> {
                    tools.dump(backup.dump(), snapshot.id());
                    backup.dumped();
                    return new BackupManifest(
                        Node.clock().instant().truncatedTo(ChronoUnit.SECONDS),
                        read.server().orElseThrow().log().host(),
                        snapshot.schema(),
                        backup.files(),
                        snapshot.logs());
                  });
    }
    backup.finish(manifest);
    left.forEach(file -> System.err.printf("lockbox: %s holds a secret and was left out%n", file));
    System.err.printf(
        "lockbox: %d logs with %d entries are in %s%n",
        manifest.logs().size(), manifest.entries(), directory);
    return 0;
  }

  /// The database of the server section, which is not one that the node runs itself.
  static External database(NodeConfig config) {
    var server =
        config
            .server()
            .orElseThrow(
                () -> new NodeFailure(Code.USAGE, "this configuration has no server section"));
    return switch (server.database()) {
      case External external -> external;
      case DatabaseSettings.Embedded _ ->
          throw new NodeFailure(
              Code.USAGE,
              "an embedded database is for trying out: stop the node and copy its directory");
    };
  }
}
