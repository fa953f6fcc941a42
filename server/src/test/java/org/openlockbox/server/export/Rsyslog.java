package org.openlockbox.server.export;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A real rsyslog that listens for syslog over TLS on this machine and writes what it gets to a
/// file, a message a line.
final class Rsyslog implements AutoCloseable {
  private final Path directory;
  final int port;
  private @Nullable Process process;

  Rsyslog() {
    needed();
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      directory = Files.createTempDirectory("rsyslog");
      certificates();
      Files.writeString(directory.resolve("rsyslog.conf"), config());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Without rsyslog the test is skipped, but where the environment says `CI=true` it fails.
  private static void needed() {
    boolean there =
        List.of("/usr/sbin/rsyslogd", "/usr/bin/openssl").stream()
                .allMatch(f -> Files.isExecutable(Path.of(f)))
            && modules().stream().anyMatch(Files::exists);
    if (!there && "true".equals(System.getenv("CI"))) {
      fail("not here, and CI=true: Debian's rsyslog and rsyslog-gnutls");
    }
    Assumptions.assumeTrue(there, "not here: Debian's rsyslog and rsyslog-gnutls");
  }

  private static List<Path> modules() {
    return List.of(
        Path.of("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so"),
        Path.of("/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_gtls.so"),
        Path.of("/usr/lib/rsyslog/lmnsd_gtls.so"));
  }

  private String config() {
    return """
    global(workDirectory="DIR" maxMessageSize="256k"
           defaultNetstreamDriverCAFile="DIR/ca.pem"
           defaultNetstreamDriverCertFile="DIR/server.pem"
           defaultNetstreamDriverKeyFile="DIR/server.key")
    module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
    template(name="parts" type="string"
             string="%PRI%|%TIMESTAMP:::date-rfc3339%|%HOSTNAME%|%APP-NAME%|%MSGID%|%STRUCTURED-DATA%|%msg%\\n")
    ruleset(name="told") { action(type="omfile" file="DIR/told" template="parts") }
    input(type="imtcp" port="PORT" address="127.0.0.1" ruleset="told")
    """
        .replace("DIR", directory.toString())
        .replace("PORT", Integer.toString(port));
  }

  private void certificates() throws IOException {
    run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca"
            + " -keyout ca.key -out ca.pem");
    run(
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
            + " -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr");
    run(
        "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 -copy_extensions copy"
            + " -out server.pem");
  }

  private void run(String command) throws IOException {
    var started =
        new ProcessBuilder(command.split(" ", -1))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    try {
      if (!started.waitFor(60, TimeUnit.SECONDS) || started.exitValue() != 0) {
        fail(command + ": " + Files.readString(directory.resolve("openssl.log")));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  void start() {
    try {
      process =
          new ProcessBuilder(
                  "/usr/sbin/rsyslogd",
                  "-n",
                  "-f",
                  directory.resolve("rsyslog.conf").toString(),
                  "-i",
                  directory.resolve("pid").toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("rsyslogd.log").toFile())
              .start();
      long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!listens()) {
        if (System.nanoTime() > until || !process.isAlive()) {
          fail("rsyslogd does not listen: " + Files.readString(directory.resolve("rsyslogd.log")));
        }
        Thread.sleep(50);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Ends it, after it has written what it has.
  void stop() {
    var running = process;
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(30, TimeUnit.SECONDS)) {
          running.destroyForcibly();
          fail("rsyslogd did not end");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// The messages that have been written to their end so far: priority, time, host, program, id,
  /// structured data, text.
  List<List<String>> told() {
    var file = directory.resolve("told");
    try {
      var messages = new ArrayList<List<String>>();
      if (Files.exists(file)) {
        String written = Files.readString(file);
        for (var line : written.substring(0, written.lastIndexOf('\n') + 1).lines().toList()) {
          messages.add(List.of(line.split("\\|", 7)));
        }
      }
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
