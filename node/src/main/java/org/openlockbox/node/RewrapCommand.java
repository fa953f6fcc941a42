package org.openlockbox.node;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox rewrap`: a new wrapping key for the tenants' data keys.
@Command(
    name = "rewrap",
    description = {
      "Makes a new wrapping key, puts it first into the file of wrapping keys, and wraps every",
      "tenant's data key with it. No text is touched. Copy the file to the other servers and start",
      "each of them again; the old key stays in it for backups until you take its line out."
    },
    footer = {"", "Example:", "  lockbox rewrap --config lockbox.yaml"})
final class RewrapCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Override
  public Integer call() {
    try (var task = Node.maintenance(ConfigReader.read(config))) {
      System.err.printf(
          "lockbox: %d data keys are wrapped by the new key%n", task.maintenance().rewrap());
    }
    return 0;
  }
}
