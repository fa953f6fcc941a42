package org.openlockbox.node;

import java.nio.file.Path;
import java.util.Objects;
import org.openlockbox.node.config.ConfigReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox up --config FILE`: one node, until it is told to stop.
@Command(name = "up", description = "Runs the server, the gateway, or both, as FILE says.")
final class UpCommand implements Runnable {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Override
  public void run() {
    var read = ConfigReader.read(config);
    Path lockFile =
        config.resolveSibling("." + Objects.requireNonNull(config.getFileName()) + ".running");
    try (var stop = new Stopping();
        var _ = RunLock.take(lockFile);
        var node = Node.start(read)) {
      System.out.println("lockbox is up: " + node + ". Ctrl-C or SIGTERM stops it.");
      stop.await();
    }
  }
}
