package org.openlockbox.node;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox remember`: a server that remembers nothing begins with the database as it is.
@Command(
    name = "remember",
    description = {
      "Lets a server start that remembers nothing of the logs that were signed before: a second",
      "one over the same database, or one whose directory server.signedHeads is lost for good.",
      "It then takes the database as it is now for the newest there is. After a restore that is",
      "for you to know: whoever saw more of a log will refuse it for ever."
    },
    footer = {"", "Example:", "  lockbox remember --config server-2.yaml"})
final class RememberCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("");

  @Override
  public Integer call() {
    try (var task = Node.maintenance(ConfigReader.read(config))) {
      System.err.printf(
          "lockbox: remembered as the database has them: the logs of %d tenants%n",
          task.maintenance().remember());
    } catch (IllegalStateException e) {
      throw new NodeFailure(Code.FAILURE, String.valueOf(e.getMessage()), e);
    }
    return 0;
  }
}
