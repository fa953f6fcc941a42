package org.openlockbox.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// One program started from the root of the clone, and what it printed.
public final class Command {
  private static final Duration START_WITHIN = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = 20_000_000L;

  private final List<String> words = new ArrayList<>();
  private final Map<String, String> environment;

  public Command(Map<String, String> environment, String... words) {
    this.environment = environment;
    this.words.addAll(List.of(words));
  }

  /// A program that does not run as the superuser, as `nobody` then.
  static Command unprivileged(String... words) {
    return System.getProperty("user.name").equals("root")
        ? new Command(Map.of(), "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            .with(words)
        : new Command(Map.of(), words);
  }

  public Command with(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /// Starts it and leaves it running, at most as long as this program; output is thrown away.
  public Process start() {
    return endingWithUs(
        start(
            builder()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)));
  }

  /// Starts a server, which ends with this program at the latest, and returns once it answers at
  /// this port of the loopback. What it says until then is in the exception if it does not.
  public Process listening(int port) throws IOException {
    Path said = Files.createTempFile("lockbox-bench", ".out");
    Process process =
        endingWithUs(start(builder().redirectErrorStream(true).redirectOutput(said.toFile())));
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        process.destroy();
        throw new IllegalStateException(
            "%s does not listen on port %d: %s"
                .formatted(String.join(" ", words), port, Files.readString(said)));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    said.toFile().deleteOnExit();
    return process;
  }

  private static boolean answers(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /// Looks at a run as it goes on.
  public interface Watcher {
    void started(ProcessHandle process);

    void said(String line);
  }

  /// What a run printed that must succeed.
  public String output() {
    return watched(
        new Watcher() {
          @Override
          public void started(ProcessHandle process) {}

          @Override
          public void said(String line) {}
        });
  }

  /// The same, line by line as it is printed.
  public String watched(Watcher watcher) {
    Process process = start(builder().redirectErrorStream(true));
    watcher.started(process.toHandle());
    var text = new StringBuilder();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        text.append(line).append('\n');
        watcher.said(line);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(words.getFirst() + " ended with " + code + ": " + text);
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The last line that a run printed that must succeed.
  String lastLine() {
    return output().strip().lines().reduce("", (before, line) -> line);
  }

  private ProcessBuilder builder() {
    var builder = new ProcessBuilder(words).directory(Path.of("").toAbsolutePath().toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    return builder;
  }

  private static Process endingWithUs(Process process) {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
    return process;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
