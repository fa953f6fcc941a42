package org.openlockbox.http.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.openlockbox.gateway.testing.end.ByteRecorder.Track;
import org.openlockbox.gateway.testing.end.EndRounds;
import org.openlockbox.gateway.testing.end.EndRounds.ClientStream;
import org.openlockbox.gateway.testing.end.EndRounds.RoundParts;
import org.openlockbox.gateway.testing.end.EndRounds.StreamingAccess;
import org.openlockbox.gateway.testing.end.GatewayProcess;
import org.openlockbox.net.TestCertificate;

/// In each round an access whose answers stream without end: as fast as can be, as steady events,
/// over a WebSocket, to a client with a receive buffer of four kilobytes, and to one that is slow
/// although its system would take more.
final class StreamingAnswers implements EndRounds.StreamingClients {
  private static final long SECOND = 1_000_000_000L;
  private static final int SLOW = 16;

  /// More than TLS and the head of an answer need.
  private static final long BEGUN = 2_000;

  private static final long BEGUN_WITHIN = 60 * SECOND;

  private static final String UPGRADE =
      String.join(
          "\r\n",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "");

  private static final List<Wish> WISHES =
      List.of(
          new Wish("fast", "/t/acme/flood", 0, 0),
          new Wish("steady", "/t/acme/events", 0, 0),
          new Wish("websocket", "/ws/acme/flood", 0, 0),
          new Wish("4 kB", "/t/acme/flood", 4096, SLOW),
          new Wish("slow", "/t/acme/flood", 0, SLOW));

  /// Kept, so that nothing but the gateway closes them.
  private final List<SSLSocket> sockets = new ArrayList<>();

  /// How a client asks and reads.
  private record Wish(String kind, String path, int receive, int slow) {}

  /// Where the gateway listens, and whom its clients trust.
  private record GatewayAddress(int port, SSLContext trust) {
    static GatewayAddress of(GatewayProcess gateway) {
      String[] words = gateway.url().split(" ", -1);
      String pem = new String(Base64.getDecoder().decode(words[1]), US_ASCII);
      return new GatewayAddress(
          Integer.parseInt(words[0]), new TestCertificate(pem, "").trusting());
    }
  }

  @Override
  public StreamingAccess begin(RoundParts parts) throws Exception {
    sockets.clear();
    GatewayProcess.Access access = parts.gateway().approved();
    GatewayAddress address = GatewayAddress.of(parts.gateway());
    List<ClientStream> streams = new ArrayList<>();
    for (Wish wish : WISHES) {
      ClientStream stream = stream(address, access.login(), wish);
      parts.recorder().add(stream.track());
      streams.add(stream);
    }
    for (ClientStream each : streams) {
      long until = System.nanoTime() + BEGUN_WITHIN;
      while (each.track().received() < BEGUN) {
        if (each.track().isGone() || System.nanoTime() > until) {
          throw new IOException("the stream " + each.kind() + " has not begun");
        }
        parts.pause(10);
      }
    }
    parts.pause(50 + parts.random().nextInt(250));
    return new StreamingAccess(access.request(), streams);
  }

  @Override
  public long others() {
    return 0;
  }

  /// Asks over TLS. What comes back is counted as it is on the wire, and not decrypted.
  private ClientStream stream(GatewayAddress gateway, String token, Wish wish) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (wish.receive() > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, wish.receive());
    }
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    SSLSocket socket =
        (SSLSocket)
            gateway
                .trust()
                .getSocketFactory()
                .createSocket(channel.socket(), "127.0.0.1", gateway.port(), true);
    socket.startHandshake();
    sockets.add(socket);
    String request =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%s\r\n"
            .formatted(wish.path(), token, wish.path().startsWith("/ws/") ? UPGRADE : "");
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    return new ClientStream(wish.kind(), new Track(channel, wish.slow()));
  }
}
