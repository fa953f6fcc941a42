package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// What one access can make a gateway's process grow to, seen from outside, with the collector that
/// `./lockbox` starts it with and no limit to its heap.
@Tag("slow")
class MemoryTest {
  private static final int SESSIONS = Boolean.getBoolean("lockbox.long") ? 150 : 40;
  private static final int QUESTIONS = 9_000;

  /// Four times what the sessions of one access may fill: a heap has room for what it collects.
  private static final long MOST = 1024L * 1024 * 1024;

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlockbox.home=" + System.getProperty("lockbox.home", ".."),
            "-cp",
            System.getProperty("java.class.path"),
            GatewayProcess.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String line(BufferedReader from) throws IOException {
    return Objects.requireNonNull(from.readLine(), "the gateway has not started");
  }

  private static long resident(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }

  private static Connection connect(String url, String user) throws SQLException {
    return DriverManager.getConnection(url, user, GatewayFixture.PASSWORD);
  }

  private static byte[] questions() {
    var asked = new ByteArrayOutputStream();
    asked.writeBytes(Wire.query("select pg_sleep(600)"));
    for (int i = 0; i < QUESTIONS; i++) {
      asked.writeBytes(Talk.joined(Talk.describe('S', "a"), Talk.sync()));
    }
    return asked.toByteArray();
  }

  /// False if the gateway lets the session in no more.
  private static boolean ask(List<Connection> open, String url, String user, byte[] asked) {
    try {
      open.add(connect(url, user));
      var out = Wire.of(open.getLast());
      out.write(asked);
      out.flush();
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("too much is under way");
      return false;
    } catch (IOException e) {
      // this one was ended
    }
    return true;
  }

  /// Nothing is answered in a session that lives on: its first statement sleeps.
  private static boolean livesOn(Connection connection) {
    try {
      var socket = Wire.socket(connection);
      socket.setSoTimeout(1);
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static long living(List<Connection> open) {
    return open.stream().filter(MemoryTest::livesOn).count();
  }

  @Test
  void oneAccessCannotFillTheProcess() throws Exception {
    var open = new ArrayList<Connection>();
    Process gateway = start();
    try (var said = gateway.inputReader(UTF_8)) {
      String url = line(said);
      String attacker = line(said);
      try (var other = connect(url, line(said))) {
        assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
        long before = resident(gateway);
        byte[] asked = questions();
        while (open.size() < SESSIONS && ask(open, url, attacker, asked)) {}
        GatewayFixture.await(() -> living(open) < SESSIONS);
        assertThat(GatewayFixture.answer(other, "select 1")).isEqualTo("1");
        assertThat(resident(gateway) - before).isLessThan(MOST);
      }
    } finally {
      for (Connection each : open) {
        each.abort(Runnable::run);
      }
      gateway.getOutputStream().close(); // and its database ends with it
      assertThat(gateway.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
