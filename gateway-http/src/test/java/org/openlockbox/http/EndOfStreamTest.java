package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;

/// An answer that does not end by itself ends with the access, also for a client that is slow, and
/// also where the control plane is gone (docs/how-an-access-ends.md).
class EndOfStreamTest {
  /// More than the kernel may hold for a client, and what TLS adds to it.
  private static final int BOUND = 512 * 1024;

  private HttpFixture http;

  @BeforeEach
  void start() throws IOException {
    http = new HttpFixture();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private Socket asking(String token, String path) throws IOException {
    Socket socket = http.socket();
    socket.setSoTimeout(20_000);
    String request =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, token);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  /// Reads to the end, however it comes; answers how many bytes.
  private static long drained(Socket socket) {
    long count = 0;
    byte[] piece = new byte[16 * 1024];
    try {
      for (int n = socket.getInputStream().read(piece);
          n >= 0;
          n = socket.getInputStream().read(piece)) {
        count += n;
      }
    } catch (IOException e) {
      // it was reset
    }
    return count;
  }

  /// A client that reads nothing after the first bytes gets no more than the kernel held.
  @Test
  void aSlowClientGetsNoMoreThanTheBound() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    try (Socket socket = asking(http.token(asked), "/t/acme/flood")) {
      assertThat(socket.getInputStream().readNBytes(100)).hasSize(100);
      long before = 0;
      while (http.service.floods() != before) { // until nothing more fits in
        before = http.service.floods();
        Thread.sleep(Duration.ofMillis(500));
      }
      assertThat(before).isPositive();
      http.controlPlane.end(asked.submission().id());
      Await.until(() -> !http.controlPlane.reasons().isEmpty());
      assertThat(drained(socket)).isLessThan(BOUND);
    }
  }

  @Test
  void manyStreamsEndTogether() throws Exception {
    RequestEntry asked = http.approved(Level.READ);
    String token = http.token(asked);
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Socket each = asking(token, "/t/acme/events");
      assertThat(each.getInputStream().readNBytes(50)).hasSize(50);
      all.add(each);
    }
    http.controlPlane.end(asked.submission().id());
    Await.until(() -> !http.controlPlane.reasons().isEmpty());
    for (Socket each : all) {
      drained(each); // comes back, because the connection is closed
      each.close();
    }
    assertThat(http.controlPlane.reasons()).containsExactly("ended");
  }

  /// Who fetches one answer and leaves another waits with that other: the session ends.
  @Test
  void anAnswerThatWaitsIsNotHiddenByOneThatIsFetched() throws Exception {
    var usual = LiveSessions.SessionLimits.STANDARD;
    http.close();
    http =
        new HttpFixture(
            new LiveSessions.SessionLimits(
                usual.sessions(),
                usual.perRequest(),
                usual.hold(),
                Duration.ofSeconds(2),
                usual.record()),
            HttpFixture.LOGINS);
    String token = http.token(http.approved(Level.READ));
    try (Socket slow = asking(token, "/t/acme/flood");
        Socket fetching = asking(token, "/t/acme/events")) {
      assertThat(slow.getInputStream().readNBytes(100)).hasSize(100);
      drained(fetching); // comes back, because the session ends
      Await.until(() -> !http.controlPlane.reasons().isEmpty());
    }
    assertThat(http.controlPlane.reasons()).containsExactly("unfetched");
  }

  /// Without a lease nothing passes; what was released before the lease was over may be fetched.
  @Test
  void aGatewayThatIsCutOffHoldsWhatItHas() throws Exception {
    try (Socket socket = asking(http.token(http.approved(Level.READ)), "/t/acme/events")) {
      assertThat(socket.getInputStream().readNBytes(200)).hasSize(200);
      http.controlPlane.leaseDown(true);
      Thread.sleep(Duration.ofMillis(1_500));
      int held = socket.getInputStream().available();
      socket.getInputStream().skipNBytes(held);
      socket.setSoTimeout(700);
      byte[] more = new byte[64 * 1024];
      assertThat(quiet(socket, more)).isTrue();
    }
  }

  /// Whether nothing comes any more, held or cut off.
  private static boolean quiet(Socket socket, byte[] into) {
    int pieces = 0;
    try {
      // what lay in the receiver's own buffers
      while (socket.getInputStream().read(into) >= 0 && pieces < 200) {
        pieces++;
      }
      return pieces < 200;
    } catch (IOException e) {
      return pieces < 200;
    }
  }
}
