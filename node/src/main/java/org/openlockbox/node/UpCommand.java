package org.openlockbox.node;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.RunLock;
import org.openlockbox.node.process.ShutdownSignal;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox up --config FILE`: one node, until it is told to stop.
@Command(
    name = "up",
    description = "Runs the server, the gateway, or both, as FILE says.",
    footer = {"", "Example:", "  lockbox up --config lockbox.yaml"})
final class UpCommand implements Runnable {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Override
  public void run() {
    var read = ConfigReader.read(config);
    try (var stop = new ShutdownSignal();
        var _ = RunLock.take(lockDirectory());
        var node = Node.start(read)) {
      System.out.println("lockbox is up: " + node + ". Ctrl-C or SIGTERM stops it.");
      stop.await();
    }
  }

  /// systemd names a directory that goes with the unit; otherwise it lies beside the configuration.
  private Path lockDirectory() {
    String name = Objects.requireNonNull(config.getFileName()).toString();
    return Optional.ofNullable(System.getenv("RUNTIME_DIRECTORY"))
        .map(Path::of)
        .map(directory -> directory.resolve(name))
        .orElseGet(() -> config.resolveSibling("." + name + ".running"));
  }
}
