package org.openlockbox.gateway.login;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real listener behind a load balancer that says who its clients are.
class ProxyHeaderTest {
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final String OF_IPV4 =
      SIGNATURE + "!\u0011\0\f" + "\u00cb\0q\u0007" + "\u007f\0\0\u0001" + "\u0004\u0001\u00158";

  private static String answer(String proxies, String sent) throws IOException {
    var limits =
        new LoginLimits(9, 9, 9, Duration.ofSeconds(10), TrustedProxies.parse(List.of(proxies)));
    var anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var listener =
            new Listener(
                    anywhere,
                    limits,
                    System::nanoTime,
                    Thread.ofPlatform().daemon().factory(),
                    ProxyHeaderTest::tell)
                .start();
        var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(sent.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException reset) {
      return ""; // closed with something unread
    }
  }

  /// Tells where the client is, and the first byte that it has sent.
  private static boolean tell(Socket socket, LoginProgress login) throws IOException {
    int first = socket.getInputStream().read();
    String told = login.address().getHostAddress() + " " + (char) first;
    socket.getOutputStream().write(told.getBytes(ISO_8859_1));
    socket.shutdownOutput();
    socket.getInputStream().readAllBytes();
    return false;
  }

  @Test
  void theClientIsWhereTheProxySays() throws IOException {
    assertThat(answer("127.0.0.0/8", "PROXY TCP4 203.0.113.7 127.0.0.1 1025 5432\r\nhello"))
        .isEqualTo("203.0.113.7 h");
    assertThat(answer("127.0.0.1", "PROXY TCP6 2001:db8::7 ::1 1025 5432\r\nhello"))
        .isEqualTo("2001:db8:0:0:0:0:0:7 h");
    assertThat(answer("127.0.0.1", OF_IPV4 + "hello")).isEqualTo("203.0.113.7 h");
  }

  @Test
  void whoIsNotTrustedSaysNothing() throws IOException {
    assertThat(answer("10.0.0.0/8", "PROXY TCP4 203.0.113.7 127.0.0.1 1025 5432\r\n"))
        .isEqualTo("127.0.0.1 P");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "PROXY TCP4 host.example 127.0.0.1 1 2\r\n",
        "PROXY TCP4 203.0.113.7 127.0.0.1 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6",
        "\r\n\r\n\0\r\nQUIT\n \0\0\0",
        "\r\n\r\n\0\r\nQUIT\n!1\0\0",
        "\r\n\r\n\0\r\nQUIT\n1\u0011\0\0"
      })
  void nobodyIsHeardWhoseProxySaysNotWhereTheyAre(String sent) throws IOException {
    assertThat(answer("127.0.0.1", sent)).isEmpty();
  }

  @Test
  void rangesAreComparedBitByBit() {
    var range = TrustedProxies.AddressRange.parse("10.16.0.0/12");
    assertThat(range.contains(InetAddress.ofLiteral("10.31.255.255"))).isTrue();
    assertThat(range.contains(InetAddress.ofLiteral("10.32.0.0"))).isFalse();
    assertThat(range.contains(InetAddress.ofLiteral("::1"))).isFalse();
    assertThatThrownBy(() -> TrustedProxies.AddressRange.parse("10.0.0.0/33"))
        .hasMessage("no such prefix: /33");
  }
}
