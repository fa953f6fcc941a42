package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.login.TrustedProxies;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;

/// A trusted load balancer names its clients, in both versions of the PROXY protocol: records and
/// limits are about these. From anybody else such a header is no TLS.
class ProxiedClientsTest {
  private static final byte[] VERSION_2 =
      HexFormat.of()
          .parseHex(
              "0d0a0d0a000d0a515549540a" + "2111000c" + "cb007109" + "7f000001" + "d431" + "20fb");
  private static final byte[] LOCAL =
      HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "20000000");

  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = behind("127.0.0.1");
  }

  private static HttpFixture behind(String proxy) throws IOException {
    return new HttpFixture(
        LiveSessions.SessionLimits.STANDARD,
        new LoginLimits(20, 10, 3, Duration.ofSeconds(2), TrustedProxies.parse(List.of(proxy))));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Socket plain() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.gateway.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static byte[] version1(String client) {
    return "PROXY TCP4 %s 127.0.0.1 5000 8443\r\n".formatted(client).getBytes(US_ASCII);
  }

  private SSLSocket behind(byte[] header) throws IOException {
    Socket socket = plain();
    socket.getOutputStream().write(header);
    return http.secured(socket);
  }

  private String asks(SSLSocket socket, String token) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /t/acme/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(token)
                .getBytes(US_ASCII));
    return new String(socket.getInputStream().readNBytes(12), US_ASCII);
  }

  private List<String> clients() {
    return http.controlPlane.events().stream()
        .filter(SessionEvent.Opened.class::isInstance)
        .map(SessionEvent.Opened.class::cast)
        .map(opened -> opened.clientAddress())
        .toList();
  }

  @Test
  void theClientIsOnRecordInBothVersions() throws Exception {
    try (SSLSocket first = behind(version1("203.0.113.7"));
        SSLSocket second = behind(VERSION_2)) {
      assertThat(asks(first, http.token(http.approved(Level.READ)))).isEqualTo("HTTP/1.1 200");
      assertThat(asks(second, http.token(http.approved(Level.READ)))).isEqualTo("HTTP/1.1 200");
    }
    Await.until(() -> clients().size() == 2);
    assertThat(clients()).containsExactly("203.0.113.7", "203.0.113.9");
  }

  @Test
  void aTrustedProxyThatNamesNobodyIsNotServed() throws Exception {
    for (byte[] header :
        List.of(
            new byte[0], LOCAL, "PROXY UNKNOWN\r\n".getBytes(US_ASCII), version1("127.0.0.1"))) {
      assertThatThrownBy(() -> behind(header)).isInstanceOf(IOException.class);
    }
  }

  /// One client cannot take the room of the others that come by the same load balancer.
  @Test
  void strangersAreCountedByTheirOwnAddress() throws Exception {
    List<SSLSocket> silent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      silent.add(behind(version1("203.0.113.7")));
    }
    assertThatThrownBy(() -> behind(version1("203.0.113.7"))).isInstanceOf(IOException.class);
    try (SSLSocket other = behind(version1("198.51.100.1"))) {
      assertThat(asks(other, http.token(http.approved(Level.READ)))).isEqualTo("HTTP/1.1 200");
    }
    for (SSLSocket each : silent) {
      each.close();
    }
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedForLong() throws Exception {
    try (Socket socket = plain()) {
      socket.getOutputStream().write("PROXY".getBytes(US_ASCII));
      assertEnds(socket);
    }
  }

  private static void assertEnds(Socket socket) {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open", e);
    } catch (IOException e) {
      assertThat(e).isNotNull(); // reset
    }
  }

  @Test
  void fromAnybodyElseAHeaderEndsTheConnection() throws Exception {
    http.close();
    http = behind("192.0.2.1");
    assertThatThrownBy(() -> behind(version1("203.0.113.7"))).isInstanceOf(IOException.class);
    try (SSLSocket direct = http.socket()) {
      assertThat(asks(direct, http.token(http.approved(Level.READ)))).isEqualTo("HTTP/1.1 200");
    }
  }
}
