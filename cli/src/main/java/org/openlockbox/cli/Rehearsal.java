package org.openlockbox.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.terminal.Terminal;

/// Runs the usual commands once, silently, so that Java's ahead-of-time cache (JEP 514) learns
/// which classes a call needs: `java -XX:AOTCacheOutput=cli.aot ... Main rehearse`. Talks only to a
/// socket of its own. Nothing fails if it is never run; calls only start slower.
final class Rehearsal {
  private static final byte[] ANSWER =
      ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n"
              + "Connection: close\r\n\r\n{\"requests\":[]}")
          .getBytes(StandardCharsets.US_ASCII);
  private static final String PIN = "0".repeat(64);

  private Rehearsal() {}

  static int run() throws IOException {
    Path directory = Files.createTempDirectory("lockbox-rehearsal-");
    Path key = directory.resolve("rehearsal.key");
    Path bundle = directory.resolve("rehearsal.zip");
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answer(server));
      CommandContext surroundings = surroundings(directory, server.getLocalPort());
      Files.write(bundle, new byte[] {'P', 'K'});
      call(surroundings, "--help");
      call(surroundings, "request", "create", "--help");
      call(surroundings, "request", "ls");
      call(surroundings, "request", "show", "R-0000000000", "-o", "json");
      call(surroundings, "key", "new", key.toString());
      call(surroundings, "key", "show", key.toString());
      call(surroundings, "verify", bundle.toString(), "--pin", PIN);
    } finally {
      Files.deleteIfExists(key);
      Files.deleteIfExists(bundle);
      Files.deleteIfExists(directory);
    }
    return 0;
  }

  private static void call(CommandContext surroundings, String... words) {
    Lockbox.commandLine(surroundings, words[0]).execute(words);
  }

  private static CommandContext surroundings(Path directory, int port) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Map<String, String> environment =
        Map.of(
            "LOCKBOX_CONFIG_DIR",
            directory.toString(),
            "LOCKBOX_SERVER",
            "http://127.0.0.1:" + port,
            "LOCKBOX_TOKEN",
            "rehearsal");
    return new CommandContext(
        new Terminal(nowhere, nowhere, false, environment),
        System.in,
        false,
        environment,
        InstantSource.system(),
        new SecureRandom());
  }

  private static void answer(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        byte[] head = new byte[8192];
        int read = socket.getInputStream().read(head);
        if (read > 0) {
          socket.getOutputStream().write(ANSWER);
        }
      } catch (IOException closed) {
        return;
      }
    }
  }
}
