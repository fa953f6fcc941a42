package org.openlockbox.node;

import java.nio.file.Path;
import org.openlockbox.node.config.ConfigReader;
import org.openlockbox.node.control.ControlDirectory;
import org.openlockbox.node.control.ControlSocket;
import org.openlockbox.node.control.NodeControl;
import org.openlockbox.node.control.WatchedFiles;
import org.openlockbox.node.logging.LogOutput;
import org.openlockbox.node.process.HangupSignal;
import org.openlockbox.node.process.RunLock;
import org.openlockbox.node.process.ShutdownSignal;
import org.openlockbox.node.service.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lockbox up --config FILE`: one node, until it is told to stop.
@Command(
    name = "up",
    description = "Runs the server, the gateway, or both, as FILE says.",
    footer = {"", "Example:", "  lockbox up --config lockbox.yaml"})
final class UpCommand implements Runnable {
  @Option(names = "--config", required = true, paramLabel = "FILE")
  private Path config = Path.of("lockbox.yaml");

  @Override
  public void run() {
    var read = ConfigReader.read(config);
    LogOutput.use(read.logging());
    var directory = ControlDirectory.own(config);
    try (var stop = new ShutdownSignal();
        var _ = RunLock.take(directory);
        var node = Node.start(read)) {
      var control = new NodeControl(node, read, stop::ask);
      HangupSignal.each(control::reload);
      var socket = ControlSocket.listen(directory, control::command);
      try (var _ = new WatchedFiles(control).start()) {
        System.out.println("lockbox is up: " + node + ". Ctrl-C or SIGTERM stops it.");
        stop.await();
      } finally {
        socket.ifPresent(ControlSocket::close);
      }
    }
  }
}
