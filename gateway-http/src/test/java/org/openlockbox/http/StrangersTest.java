package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;

/// What those can hold open who have shown no token, and what one session can.
class StrangersTest {
  private final List<Socket> open = new ArrayList<>();
  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket each : open) {
      each.close();
    }
    http.close();
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      socket.setSoTimeout(50);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /// More silent connections than there is room for: the honest one gets in, and they are closed.
  @Test
  void silentConnectionsShutNobodyOutAndAreClosed() throws Exception {
    String token = http.token(http.approved(Level.READ));
    for (int i = 0; i < 70; i++) {
      open.add(new Socket(InetAddress.getLoopbackAddress(), http.gateway.port()));
    }
    Await.until(() -> get(token) == 200);
    Await.until(
        () -> {
          try {
            for (Socket each : open) {
              if (!isClosed(each)) {
                return false;
              }
            }
            return true;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  /// Whoever was shown a page and says nothing more has to go for others, like anybody who is
  /// silent.
  @Test
  void whoWasAnsweredWithoutATokenShutsNobodyOut() throws Exception {
    var few = new LoginLimits(4, 3, 2, Duration.ofMinutes(2));
    try (var narrow = new HttpFixture(LiveSessions.SessionLimits.STANDARD, few)) {
      String token = narrow.token(narrow.approved(Level.READ));
      for (int i = 0; i < 2; i++) {
        assertThat(answer(narrow, "GET /_lockbox/start", "Host: s.apps.test")).isEqualTo("200");
      }
      String shown = "Host: 127.0.0.1\r\nAuthorization: Bearer " + token;
      long before = System.nanoTime();
      Await.until(() -> answer(narrow, "GET /t/acme/tickets", shown).equals("200"));
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .as("before they are closed for their silence")
          .isLessThan(Duration.ofSeconds(25));
    }
  }

  /// The status, on a connection that stays open; empty where none came.
  private String answer(HttpFixture from, String line, String headers) {
    try {
      Socket plain = new Socket(InetAddress.getLoopbackAddress(), from.gateway.port());
      open.add(plain);
      plain.setSoTimeout(3_000);
      SSLSocket socket = from.secured(plain);
      String request = line + " HTTP/1.1\r\n" + headers + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String said = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
      return said.replace("HTTP/1.1 ", "");
    } catch (IOException e) {
      return "";
    }
  }

  private int get(String token) {
    try {
      return http.get(token, "/t/acme/tickets").statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whoever sends a byte now and then, or asks without a token again and again, is closed as well.
  @Test
  void aConnectionThatShowsNoTokenIsClosedHoweverMuchItSays() throws Exception {
    SSLSocket talks = http.socket();
    open.add(talks);
    byte[] asks = "GET /t/acme/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(ISO_8859_1);
    Await.until(
        () -> {
          try {
            talks.getOutputStream().write(asks);
            InputStream answers = talks.getInputStream();
            talks.setSoTimeout(1_000);
            return answers.read(new byte[8192]) < 0;
          } catch (SocketTimeoutException e) {
            return false;
          } catch (IOException e) {
            return true;
          }
        });
  }

  @Test
  void aSessionHasSoManyConnectionsAndNoMore() throws Exception {
    String token = http.token(http.approved(Level.READ));
    byte[] asks =
        ("GET /t/acme/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n")
            .getBytes(ISO_8859_1);
    for (int i = 0; i < 64; i++) {
      assertThat(answer(asks)).startsWith("HTTP/1.1 200");
    }
    assertThat(answer(asks)).startsWith("HTTP/1.1 429").contains("64 connections already");
    open.getFirst().close();
    Await.until(
        () -> {
          try {
            return answer(asks).startsWith("HTTP/1.1 200");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private String answer(byte[] asks) throws IOException {
    SSLSocket socket = http.socket();
    open.add(socket);
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(asks);
    byte[] piece = new byte[8192];
    var said = new StringBuilder();
    while (said.indexOf("}") < 0) {
      int read = socket.getInputStream().read(piece);
      if (read < 0) {
        break;
      }
      said.append(new String(piece, 0, read, ISO_8859_1));
    }
    return said.toString();
  }
}
