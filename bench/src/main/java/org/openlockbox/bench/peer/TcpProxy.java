package org.openlockbox.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.node.process.Ports;

/// HAProxy in TCP mode: it passes bytes on and understands none of them.
record TcpProxy(Process started, String port) implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

  /// Empty, with the reason printed, where it is not installed.
  static Optional<TcpProxy> before(String databasePort) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      System.out.println("No HAProxy among the peers: apt-get install haproxy");
      return Optional.empty();
    }
    String port = String.valueOf(Ports.free());
    Path settings = Files.createTempFile("lockbox-haproxy", ".cfg");
    settings.toFile().deleteOnExit();
    Files.writeString(
        settings,
        """
        global
          maxconn 1000
        defaults
          mode tcp
          timeout connect 3s
          timeout client 1h
          timeout server 1h
        listen database
          bind 127.0.0.1:%s
          server database 127.0.0.1:%s
        """
            .formatted(port, databasePort));
    Process started =
        new Command(Map.of(), PROGRAM.toString(), "-db", "-f", settings.toString())
            .listening(Integer.parseInt(port));
    return Optional.of(new TcpProxy(started, port));
  }

  ProcessHandle process() {
    return started.toHandle();
  }

  @Override
  public void close() {
    started.destroy();
    started.onExit().join();
  }
}
