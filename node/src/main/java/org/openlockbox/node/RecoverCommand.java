package org.openlockbox.node;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.node.NodeFailure.Code;
import org.openlockbox.node.config.ConfigReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox recover`: after a restore that lost entries for good, lets a log go on.
@Command(
    name = "recover",
    description = {
      "Lets a log go on that is behind what was signed, when there is no newer backup.",
      "Writes an entry that says what was lost, which everybody who verifies the log sees for ever.",
      "Gateways and auditors who saw more will go on refusing the log. Stop the server first."
    })
final class RecoverCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Option(names = "--log", required = true, paramLabel = "ORIGIN")
  private String log = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT")
  private String reason = "";

  @Override
  public Integer call() {
    LogOrigin origin;
    try {
      origin = new LogOrigin(log);
    } catch (IllegalArgumentException e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
    try (var task = Node.maintenance(ConfigReader.read(config))) {
      var lost = task.maintenance().recover(origin, reason);
      System.err.printf(
          "lockbox: %s goes on; its entry says that %d entries with root %s were signed and lost%n",
          origin, lost.size(), lost.root().hex());
    } catch (IllegalStateException e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
    return 0;
  }
}
