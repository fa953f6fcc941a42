package org.openlockbox.gateway.testing.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The process of a gateway that can be stopped and killed. Each line that it reads asks for
/// another access, or for the longest time in which it had no processor since that was last asked.
public final class GatewayProcess implements Closeable {
  /// An access that was approved, and its login.
  public record Access(String request, String login) {}

  private final Process process;
  private final BufferedReader out;
  private final String url;
  private final String besides;

  /// @param program has the main method; it prints where it listens, and whom to stop besides if it
  ///   is killed
  public GatewayProcess(LeaseServer leases, Class<?> program) throws IOException {
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                // nothing but what the program itself says may stand on its output
                "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
                "-Dlogback.configurationFile="
                    + System.getProperty("lockbox.home", "..")
                    + "/node/src/main/resources/logback.xml",
                "-Dlockbox.home=" + System.getProperty("lockbox.home", ".."),
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                Integer.toString(leases.port()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    this.out = process.inputReader(US_ASCII);
    this.url = line();
    this.besides = line();
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the gateway's process has gone");
    }
    return line;
  }

  public String url() {
    return url;
  }

  public Access approved() throws IOException {
    String[] words = ask("another").split(" ", -1);
    return new Access(words[0], words[1]);
  }

  /// The longest time in which it had no processor, since this was last asked.
  public long longestPauseNanos() throws IOException {
    return Long.parseLong(ask("pause"));
  }

  private String ask(String wish) throws IOException {
    process.outputWriter(US_ASCII).write(wish + "\n");
    process.outputWriter(US_ASCII).flush();
    return line();
  }

  /// It stands still, and its kernel does not.
  public void stop() throws IOException {
    signal("STOP", pid());
  }

  public void resume() throws IOException {
    signal("CONT", pid());
  }

  /// It is gone on return, and its database soon. A busy system takes time to end a process, and
  /// closes its sockets only then.
  public void kill() throws IOException, InterruptedException {
    signal("KILL", pid());
    if (!besides.isEmpty()) {
      signal("INT", besides);
    }
    process.waitFor();
  }

  private String pid() {
    return Long.toString(process.pid());
  }

  private static void signal(String name, String pid) throws IOException {
    try {
      int failed = new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
      if (failed != 0) {
        throw new IOException("kill -" + name + " answers " + failed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      process.outputWriter(US_ASCII).close();
    } catch (IOException e) {
      // killed
    }
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
