package org.openlockbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;
import org.openlockbox.node.process.RunLock;
import org.openlockbox.node.process.ShutdownSignal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox demo`: everything on this machine, until Ctrl-C. State is kept from one start to the
/// next; `--reset` starts over.
@Command(
    name = "demo",
    description = "Everything on this machine, with three tenants.",
    footer = {"", "Example:", "  lockbox demo --reset"})
final class DemoCommand implements Runnable {
  @Option(names = "--state", hidden = true, paramLabel = "DIR")
  private Path state = Path.of(".lockbox");

  @Option(names = "--reset", description = "Forget everything that an earlier demo did.")
  private boolean reset;

  @Option(
      names = "--free-ports",
      description = "Take eight free ports instead of 8420, 8425, 8426, 8432 to 8435 and 8443.")
  private boolean freePorts;

  /// For tests, which ask more than people do.
  @Option(names = "--no-request-limits", hidden = true)
  private boolean noRequestLimits;

  @Override
  public void run() {
    var clock = InstantSource.system();
    var begin = clock.instant();
    var layout = new DemoLayout(state.toAbsolutePath().normalize());
    Logs.intoFile(layout.log());
    try (var stop = new ShutdownSignal();
        var _ = RunLock.take(layout.state().resolve("running"))) {
      if (reset) {
        layout.forget();
      }
      try (var demo = Demo.start(layout, freePorts, !noRequestLimits, clock, new SecureRandom())) {
        var took = Duration.between(begin, clock.instant());
        System.out.print(DemoScreen.text(layout, demo.ports(), took));
        System.out.flush();
        stop.await();
        System.out.println("stopping");
      }
    } catch (NodeFailure e) {
      throw e.code() == Code.PORT_TAKEN
          ? new NodeFailure(
              Code.PORT_TAKEN, e.getMessage() + "; with other ports: --reset --free-ports", e)
          : e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
