package org.openlockbox.node.control;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox reload --config FILE`: all of it, or nothing with the reason.
@Command(
    name = "reload",
    description = {
      "Has the running node of FILE read its configuration, catalogue and certificates again.",
      "All of it or nothing: a mistake is named with its line, and what was in force stays so."
    },
    footer = {"", "Example:", "  lockbox reload --config lockbox.yaml"})
public final class ReloadCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Override
  public Integer call() {
    return NodeCommand.give(ControlDirectory.running(config), "reload");
  }
}
