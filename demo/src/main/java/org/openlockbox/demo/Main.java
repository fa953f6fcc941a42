package org.openlockbox.demo;

import org.openlockbox.node.process.CommandRunner;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import picocli.CommandLine.Command;

/// The program behind `lockbox demo`: a node over databases and a mail server of its own.
@Command(
    name = "lockbox",
    synopsisSubcommandLabel = "demo",
    description = "Runs the demo.",
    subcommands = {DemoCommand.class, RehearseCommand.class})
public final class Main implements Runnable {
  @Override
  public void run() {
    throw new NodeFailure(Code.USAGE, "which verb? demo");
  }

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return CommandRunner.run(new Main(), arguments);
  }
}
