package org.openlockbox.e2e.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.Pause;
import org.openlockbox.e2e.harness.SharedDemo;
import org.openlockbox.e2e.harness.Typed;

/// `lockbox proxy`, for programs that speak neither TLS nor SCRAM.
@ExtendWith(SharedDemo.class)
class ProxyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A proxy that runs, and what it printed.
  private record Proxy(Typed program, Fields printed) implements AutoCloseable {
    static Proxy of(Demo demo, String id) {
      return of(demo, id, "");
    }

    static Proxy of(Demo demo, String id, String options) {
      String command = "exec lockbox proxy " + id + options + " -o json";
      var program = demo.terminal("engineer").begins(command);
      String line = program.prints("}").out().strip();
      return new Proxy(program, Fields.of(Json.read(line.getBytes(UTF_8)), "proxy"));
    }

    int port() {
      return printed.count("port");
    }

    Connection connect(String password) throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:%d/any?sslmode=disable&gssEncMode=disable".formatted(port()),
          "anybody",
          password);
    }

    Connection connect() throws SQLException {
      return connect(printed.text("password"));
    }

    @Override
    public void close() {
      program.close();
    }
  }

  @Test
  void aProgramWithoutTlsReadsAndCancelsUntilTheAccessIsRevoked(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "masked", "--for 30m --expert");
    try (var proxy = Proxy.of(demo, id);
        var connection = proxy.connect()) {
      assertThat(first(connection, "select email from customers order by id")).endsWith("***@***");
      assertThat(first(connection, "select length(repeat('x', 3000000))")).isEqualTo("3000000");
      isCancelled(connection);
      assertThat(first(connection, "select 'goes on'")).isEqualTo("goes on");
      String revoke = "lockbox revoke %s --key acme-approver.key".formatted(id);
      demo.terminal("acme-approver").types(revoke).ends(0);
      assertThatThrownBy(() -> first(connection, "select 1")).isInstanceOf(SQLException.class);
      proxy.program().ends().ends(7).says("was revoked by acme");
      assertThatThrownBy(proxy::connect).isInstanceOf(SQLException.class);
    }
  }

  private static void isCancelled(Connection connection) throws Exception {
    try (var statement = connection.createStatement()) {
      var ended =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  statement.execute("select pg_sleep(60) /* through the proxy */");
                  return "";
                } catch (SQLException e) {
                  return e.getSQLState();
                }
              });
      Pause.until(
          "the statement is cancelled",
          PATIENCE,
          () -> {
            statement.cancel(); // is nothing while the statement has not begun
            return ended.isDone();
          });
      assertThat(ended.join()).isEqualTo("57014");
    }
  }

  @Test
  void nobodyComesInWithoutThePasswordOrFromElsewhereAndCtrlCEndsAll(Demo demo) throws Exception {
    String id = demo.askAndApprove("acme", "read", "--for 30m");
    try (var proxy = Proxy.of(demo, id);
        var connection = proxy.connect()) {
      for (String guess : new String[] {"x", "anybody", demo.token("engineer")}) {
        assertThatThrownBy(() -> proxy.connect(guess))
            .hasMessageContaining("not the password that lockbox proxy printed");
      }
      assertThat(answerTo(proxy, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEmpty();
      assertThat(outside(proxy.port())).isFalse();
      assertThat(first(connection, "select 1")).isEqualTo("1");
      proxy.program().signal("TERM");
      proxy.program().ends();
      assertThatThrownBy(() -> first(connection, "select 1")).isInstanceOf(SQLException.class);
      Pause.until("no session is open", PATIENCE, () -> openSessions(demo, id) == 0);
      comesBackAtTheSamePort(demo, id, proxy);
    }
  }

  /// A page in a browser reaches this port too, and has no token.
  @Test
  void aProgramWithoutTlsAsksAServiceWithTheTokenAndNobodyElseDoes(Demo demo) {
    var engineer = demo.terminal("engineer");
    String id = demo.askServiceAndApprove("read");
    try (var proxy = Proxy.of(demo, id)) {
      String url = proxy.printed().text("url");
      String curl = "curl -sS %s/v1/tenants/acme/tickets".formatted(url);
      String asked = curl + " -H @" + proxy.printed().text("headerFile");
      assertThat(engineer.types(asked).ok()).contains("\"tickets\":[{");
      assertThat(engineer.types(curl + " -w '%{http_code}'").ok()).endsWith("401");
      demo.terminal("acme-approver")
          .types("lockbox revoke %s --key acme-approver.key".formatted(id))
          .ends(0);
      assertThat(engineer.types(asked).out()).doesNotContain("\"tickets\"");
      proxy.program().ends().ends(7).says("was revoked by acme");
    }
  }

  private static void comesBackAtTheSamePort(Demo demo, String id, Proxy before) throws Exception {
    try (var proxy = Proxy.of(demo, id, " --port " + before.port());
        var connection = proxy.connect()) {
      assertThat(proxy.port()).isEqualTo(before.port());
      assertThat(first(connection, "select 1")).isEqualTo("1");
      String old = before.printed().text("password");
      assertThatThrownBy(() -> proxy.connect(old))
          .hasMessageContaining("not the password that lockbox proxy printed");
    }
  }

  private static byte[] answerTo(Proxy proxy, String said) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream()) {
      out.write(said.getBytes(UTF_8));
      return in.readAllBytes();
    }
  }

  /// Whether the port answers at another address of this machine.
  private static boolean outside(int port) throws Exception {
    var addresses =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    for (InetAddress address : addresses) {
      try (var _ = new Socket(address, port)) {
        return true;
      } catch (IOException closed) {
        // as it should be
      }
    }
    return false;
  }

  private static int openSessions(Demo demo, String id) {
    var listed =
        demo.terminal("acme-approver").types("lockbox request show " + id + " -o json").json();
    return (int) listed.optionalNumber("openSessions").orElse(0);
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
