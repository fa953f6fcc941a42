package org.openlockbox.node.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox drain --config FILE`: a gateway that lets nobody in, and stops when it is empty.
@Command(
    name = "drain",
    description = {
      "Has the running gateway of FILE take no new sessions, and tells the open ones.",
      "The node stops when they are over, or at the deadline."
    },
    footer = {"", "Example:", "  lockbox drain --config lockbox.yaml --within PT1H"})
public final class DrainCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Option(
      names = "--within",
      paramLabel = "TIME",
      description = "How long open sessions may go on; by default ${DEFAULT-VALUE}.")
  private Duration within = Duration.ofMinutes(30);

  @Option(
      names = "--notice",
      paramLabel = "TIME",
      description =
          "How long new sessions are let in although /readyz says 503 already, until load balancers"
              + " have seen it; by default ${DEFAULT-VALUE}.")
  private Duration notice = Duration.ZERO;

  @Override
  public Integer call() {
    return NodeCommand.give(
        ControlDirectory.running(config), "drain %s %s".formatted(within, notice));
  }
}
