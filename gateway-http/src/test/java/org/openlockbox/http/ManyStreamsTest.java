package org.openlockbox.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.testing.TenantFixture.RequestEntry;
import org.openlockbox.gateway.login.LoginLimits;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.Await;

/// Many sessions stream, each of an access of its own (200 with `-Dlockbox.long=true`): events,
/// WebSockets, downloads, slow readers and answers that do not come. Each access is revoked, or the
/// gateway hears no more of the control plane; how long after that the last byte arrives at its
/// client lies in `target/results/many-streams.md`.
@Tag("slow")
class ManyStreamsTest {
  private static final int SESSIONS =
      Integer.getInteger("lockbox.streams", Boolean.getBoolean("lockbox.long") ? 200 : 40);
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(4);
  private static final int RECEIVE_BUFFER = 16 * 1024;
  private static final long SECOND = 1_000_000_000L;

  private HttpFixture http;
  private WebSocketService webSockets;

  @BeforeEach
  void start() throws Exception {
    http =
        new HttpFixture(
            new LiveSessions.SessionLimits(1_000, 500, HOLD, HOLD, 1L << 40),
            new LoginLimits(1_000, 1_000, 1_000, HOLD));
    webSockets = new WebSocketService();
    http.alsoServes(webSockets.base());
  }

  @AfterEach
  void stop() {
    http.close();
    webSockets.close();
  }

  /// How a client asks, and whether it reads slowly.
  private enum StreamKind {
    EVENTS("/t/acme/events", 0),
    WEBSOCKET("/ws/acme/flood", 5),
    DOWNLOAD("/t/acme/flood", 5),
    SLOW("/t/acme/flood", 500),
    LONG_POLL("/t/acme/silence", 0);

    private final String path;
    private final int pauseMillis;

    StreamKind(String path, int pauseMillis) {
      this.path = path;
      this.pauseMillis = pauseMillis;
    }

    private boolean isSlow() {
      return this == SLOW;
    }

    private String request(String token) {
      String upgrade =
          this == WEBSOCKET
              ? String.join(
                  "\r\n",
                  "Connection: Upgrade",
                  "Upgrade: websocket",
                  "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                  "")
              : "";
      return "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%s\r\n"
          .formatted(path, token, upgrade);
    }
  }

  /// One client, which reads until it is cut off.
  private final class StreamingClient implements Runnable {
    private final StreamKind kind;
    private final RequestEntry asked;
    private final Socket socket;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lastAt = new AtomicLong();
    private volatile long stoppedAt;
    private volatile boolean cut;

    StreamingClient(StreamKind kind) throws IOException {
      this.kind = kind;
      this.asked = http.approved(Level.READ);
      Socket plain = new Socket();
      plain.setReceiveBufferSize(RECEIVE_BUFFER); // so that little waits behind the last byte
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), http.gateway.port()));
      this.socket = http.secured(plain);
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(kind.request(http.token(asked)).getBytes(ISO_8859_1));
      Thread.startVirtualThread(this);
    }

    @Override
    public void run() {
      byte[] piece = new byte[16 * 1024];
      try {
        InputStream in = socket.getInputStream();
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
          bytes.addAndGet(n);
          lastAt.set(System.nanoTime());
          Thread.sleep(kind.pauseMillis);
        }
      } catch (IOException e) {
        cut = true;
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      cut = true;
    }

    private boolean hasBegun() {
      return kind == StreamKind.LONG_POLL || bytes.get() > 100;
    }

    private void revoke() {
      stoppedAt = System.nanoTime();
      http.controlPlane.end(asked.submission().id());
    }

    /// 0 if nothing came any more.
    private long lastByteAfter() {
      return Math.max(0, lastAt.get() - stoppedAt);
    }
  }

  @Test
  void theLastByteOfEachStreamComesWithinASecondOfItsRevocation() throws Exception {
    List<StreamingClient> clients = streaming();
    clients.forEach(StreamingClient::revoke);
    Await.until(() -> clients.stream().allMatch(each -> each.cut || each.kind.isSlow()));
    Await.until(() -> http.controlPlane.reasons().size() == SESSIONS);
    report(clients, "after the revocation");
    assertThat(http.controlPlane.reasons()).containsOnly("ended");
    assertThat(clients)
        .filteredOn(each -> !each.kind.isSlow())
        .allMatch(each -> each.lastByteAfter() < SECOND);
  }

  /// As if each access had been revoked in the moment in which the gateway heard the last of it. No
  /// stream goes on afterwards: its client is not known to have fetched all that had left.
  @Test
  void theLastByteComesWithinTwoSecondsOfTheLastWordOfTheControlPlane() throws Exception {
    List<StreamingClient> clients = streaming();
    long last = System.nanoTime();
    clients.forEach(each -> each.stoppedAt = last);
    http.controlPlane.leaseDown(true);
    Thread.sleep(SILENCE.toMillis());
    report(clients, "after the gateway was cut off");
    assertThat(clients)
        .as("streams that went on until then")
        .filteredOn(each -> each.kind == StreamKind.DOWNLOAD)
        .isNotEmpty()
        .allMatch(each -> each.lastByteAfter() > 0);
    assertThat(clients)
        .filteredOn(each -> !each.kind.isSlow())
        .allMatch(each -> each.lastByteAfter() < 2 * SECOND);
    http.controlPlane.leaseDown(false);
    Await.until(() -> http.controlPlane.reasons().size() == SESSIONS);
    assertThat(http.controlPlane.reasons()).containsOnly("lease-lapsed");
  }

  private List<StreamingClient> streaming() throws Exception {
    List<StreamingClient> clients = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      StreamingClient client =
          new StreamingClient(StreamKind.values()[i % StreamKind.values().length]);
      clients.add(client);
      Await.until(client::hasBegun);
    }
    Await.until(() -> http.service.silences() == SESSIONS / StreamKind.values().length);
    return clients;
  }

  /// A slow reader does not count: it takes from its own system's buffers long after the gateway's
  /// last byte.
  private static void report(List<StreamingClient> clients, String since) throws IOException {
    long[] sorted =
        clients.stream()
            .filter(each -> !each.kind.isSlow())
            .mapToLong(StreamingClient::lastByteAfter)
            .sorted()
            .toArray();
    String text =
        "%d sessions; last byte %s: p50 %d ms, p99 %d ms, most %d ms%n"
            .formatted(
                clients.size(),
                since,
                sorted[sorted.length / 2] / 1_000_000,
                sorted[sorted.length * 99 / 100] / 1_000_000,
                sorted[sorted.length - 1] / 1_000_000);
    System.out.print(text);
    Path results = Files.createDirectories(Path.of("target/results"));
    Files.writeString(
        results.resolve("many-streams.md"),
        text,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
