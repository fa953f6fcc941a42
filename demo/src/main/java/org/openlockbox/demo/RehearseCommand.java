package org.openlockbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lockbox rehearse`: starts a whole demo in a directory of its own, on free ports, and stops it;
/// then runs COMMAND, a node in a process of its own, over the same databases. The launcher does
/// this once per build, with a COMMAND that lets Java keep the loaded and linked classes (JEP 514).
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Runnable {
  @Option(names = "--state", required = true, paramLabel = "DIR")
  private Path state = Path.of("rehearsal");

  @Parameters(paramLabel = "COMMAND", arity = "0..*")
  private List<String> node = List.of();

  @Override
  public void run() {
    var layout = new DemoLayout(state.toAbsolutePath().normalize());
    var clock = InstantSource.system();
    var random = new SecureRandom();
    Logs.intoFile(layout.log());
    try {
      try (var demo = Demo.start(layout, true, true, clock, random)) {
        System.out.println("rehearsed on port " + demo.ports().server());
      }
      if (!node.isEmpty()) {
        new NodeRehearsal(layout, clock, random).run(node);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
