package org.openlockbox.node.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox rehearse`: starts a whole demo in a directory of its own, on free ports, and stops it.
/// The launcher runs it once per build so that Java can keep the loaded and linked classes (JEP
/// 514).
@Command(name = "rehearse", hidden = true)
public final class RehearseCommand implements Runnable {
  @Option(names = "--state", required = true, paramLabel = "DIR")
  private Path state = Path.of("rehearsal");

  @Override
  public void run() {
    var layout = new DemoLayout(state.toAbsolutePath().normalize());
    Logs.intoFile(layout.log());
    try (var demo = Demo.start(layout, true, true, InstantSource.system(), new SecureRandom())) {
      System.out.println("rehearsed on port " + demo.ports().server());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
