package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.GatewayFixture.Access;

/// Who stands in the middle with a certificate of its own, and passes on each byte of a login that
/// knows the password, is found out where that login is bound to its connection.
class ChannelBindingTest {
  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Connection login(int port, Access access, String binding) throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=require&channelBinding=%s"
            .formatted(port, binding);
    return DriverManager.getConnection(url, access.user(), GatewayFixture.PASSWORD);
  }

  @Test
  void aLoginThatIsBoundToAnotherConnectionIsRefused() throws Exception {
    Access access = fixture.approved(Level.READ);
    try (var middle = new Middle(fixture.gateway.port())) {
      assertThatThrownBy(() -> login(middle.port(), access, "require"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08P01"))
          .hasMessageContaining("channel binding does not match this connection");
    }
    assertThat(fixture.controlPlane.events()).isEmpty();
    try (Connection straight = login(fixture.gateway.port(), access, "require")) {
      assertThat(answer(straight, "select 1")).isEqualTo("1");
    }
  }

  /// So it is the binding that finds it out.
  @Test
  void aLoginThatIsNotBoundDoesNotNotice() throws Exception {
    try (var middle = new Middle(fixture.gateway.port());
        var session = login(middle.port(), fixture.approved(Level.READ), "disable")) {
      assertThat(answer(session, "select 1")).isEqualTo("1");
    }
  }

  /// Ends the client's TLS with its own certificate, and speaks TLS of its own to the gateway.
  private record Middle(ServerSocket door, Knock gateway, SSLContext own) implements AutoCloseable {
    Middle(int gateway) throws Exception {
      this(
          new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
          new Knock(gateway),
          TestCertificate.make().context());
      Thread.ofVirtual().start(this::stand);
    }

    int port() {
      return door.getLocalPort();
    }

    private void stand() {
      try (Socket raw = door.accept()) {
        raw.getInputStream().readNBytes(8); // its SSLRequest
        raw.getOutputStream().write('S');
        try (var client =
                (SSLSocket)
                    own.getSocketFactory().createSocket(raw, InputStream.nullInputStream(), true);
            SSLSocket server = gateway.insideTls()) {
          Thread answers = Thread.ofVirtual().start(() -> pass(server, client));
          pass(client, server);
          answers.join();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static void pass(Socket from, Socket to) {
      byte[] some = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
          out.write(some, 0, n);
        }
        to.close();
      } catch (IOException e) {
        // one of them has gone
      }
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}
