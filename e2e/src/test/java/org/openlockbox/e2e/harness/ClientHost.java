package org.openlockbox.e2e.harness;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.openlockbox.cli.Main;
import org.openlockbox.cli.command.CommandContext;
import org.openlockbox.cli.terminal.Terminal;

/// Makes the client's calls that shells of one directory type: most of what a call costs is the
/// start of a JVM. `java-or-host` sends the process id of a call. Its words, environment, standard
/// streams and exit code are the caller's own. It ends when nobody has called for a minute.
///
/// A call that sits at a terminal, or reads or writes a file, is not taken; its own JVM makes it.
public final class ClientHost {
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final AtomicInteger running = new AtomicInteger();
  private final Path file;
  private volatile boolean moved;

  private ClientHost(Path file) {
    this.file = file;
  }

  /// `ClientHost FILE`: the file tells its port.
  public static void main(String[] args) throws IOException {
    new ClientHost(Path.of(args[0])).serve();
    System.exit(0);
  }

  private void serve() throws IOException {
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) IDLE.toMillis());
      Path fresh =
          file.resolveSibling("%s.%s".formatted(file.getFileName(), server.getLocalPort()));
      Files.writeString(fresh, server.getLocalPort() + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      while (!moved && isCalled(server)) {
        // each call has a thread
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// Waits for a call; false if none came in a minute and none goes on.
  private boolean isCalled(ServerSocket server) throws IOException {
    try {
      Socket caller = server.accept();
      running.incrementAndGet();
      Thread.ofPlatform().start(() -> hear(caller));
      return true;
    } catch (SocketTimeoutException nobody) {
      return running.get() > 0;
    }
  }

  private void hear(Socket caller) {
    try (caller;
        var from = new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8);
        var lines = new BufferedReader(from)) {
      Path process = Path.of("/proc", lines.readLine());
      if (!isAt(process.resolve("cwd"))) {
        moved = true;
      }
      if (!moved && isAlone(process)) {
        say(caller, "taken");
        say(caller, Integer.toString(call(process)));
      } else {
        say(caller, "no");
      }
    } catch (IOException gone) {
      // the caller was killed; nobody is left to be told
    } finally {
      running.decrementAndGet();
    }
  }

  private static void say(Socket caller, String word) throws IOException {
    caller.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Whether this JVM is in the same directory, and not in one of that name that was deleted.
  private static boolean isAt(Path directory) throws IOException {
    return Files.readSymbolicLink(directory)
            .equals(Files.readSymbolicLink(Path.of("/proc/self/cwd")))
        && Files.isSameFile(directory, Path.of("/proc/self/cwd"));
  }

  /// Whether all three are pipes or nothing: these can be opened by their names once more, and have
  /// no place in a file that others share.
  private static boolean isAlone(Path process) throws IOException {
    for (String stream : List.of("fd/0", "fd/1", "fd/2")) {
      String is = Files.readSymbolicLink(process.resolve(stream)).toString();
      if (!is.startsWith("pipe:") && !is.equals("/dev/null")) {
        return false;
      }
    }
    return true;
  }

  private static int call(Path process) throws IOException {
    List<String> line = strings(process.resolve("cmdline"));
    String[] words =
        line.subList(line.indexOf(Main.class.getName()) + 1, line.size()).toArray(String[]::new);
    Map<String, String> environment =
        strings(process.resolve("environ")).stream()
            .map(entry -> entry.split("=", 2))
            .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1], (_, last) -> last));
    try (var out = print(process.resolve("fd/1"));
        var err = print(process.resolve("fd/2"));
        var in = new Late(process.resolve("fd/0"))) {
      var surroundings =
          new CommandContext(
              new Terminal(out, err, false, environment),
              in,
              false,
              environment,
              InstantSource.system(),
              new SecureRandom());
      return run(surroundings, words);
    }
  }

  /// As in a JVM of its own, the caller reads why it ended.
  private static int run(CommandContext surroundings, String[] words) {
    try {
      return Main.run(surroundings, words);
    } catch (Error fatal) {
      fatal.printStackTrace(surroundings.terminal().err());
      throw fatal;
    }
  }

  private static List<String> strings(Path file) throws IOException {
    String all = Files.readString(file);
    return Arrays.asList(all.split("\0", -1))
        .subList(0, (int) all.chars().filter(c -> c == 0).count());
  }

  private static PrintStream print(Path stream) throws IOException {
    return new PrintStream(
        new FileOutputStream(stream.toFile(), true), false, StandardCharsets.UTF_8);
  }

  /// Opens what it reads when it is read: most calls read nothing.
  private static final class Late extends InputStream {
    private final Path file;
    private InputStream opened = InputStream.nullInputStream();
    private boolean isOpen;

    Late(Path file) {
      this.file = file;
    }

    private InputStream open() throws IOException {
      if (!isOpen) {
        opened = new FileInputStream(file.toFile());
        isOpen = true;
      }
      return opened;
    }

    @Override
    public int read() throws IOException {
      return open().read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return open().read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
      return open().available();
    }

    @Override
    public void close() throws IOException {
      opened.close();
    }
  }
}
