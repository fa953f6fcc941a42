package org.openlockbox.http.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.openlockbox.gateway.testing.end.ByteRecorder;
import org.openlockbox.gateway.testing.end.ByteRecorder.Track;
import org.openlockbox.gateway.testing.end.EndTally;
import org.openlockbox.gateway.testing.end.GatewayProcess;
import org.openlockbox.gateway.testing.end.LeaseServer;
import org.openlockbox.net.TestCertificate;

/// One gateway, and in each round an access whose answers stream without end: as fast as can be, as
/// a steady stream, to a client with a receive buffer of four kilobytes, and to one that is slow
/// although its system would take more. Something stands still, and the access is revoked.
final class HttpLane implements Closeable {
  private static final long SECOND = 1_000_000_000L;
  private static final int SLOW = 16;

  /// More than TLS and the head of an answer need.
  private static final long BEGUN = 2_000;

  private static final long BEGUN_WITHIN = 60 * SECOND;
  private static final long GONE_WITHIN = 10 * SECOND;

  /// A gateway that has no processor for so long counts as stopped (docs/how-an-access-ends.md).
  private static final long NO_PROCESSOR = SECOND / 4;

  private static final List<Wish> WISHES =
      List.of(
          new Wish("fast", "/t/acme/flood", 0, 0),
          new Wish("steady", "/t/acme/events", 0, 0),
          new Wish("4 kB", "/t/acme/flood", 4096, SLOW),
          new Wish("slow", "/t/acme/flood", 0, SLOW));

  /// How a client asks and reads.
  private record Wish(String kind, String path, int receive, int slow) {}

  /// The socket is kept, so that nothing but the gateway closes it.
  private record HttpStream(String kind, SSLSocket socket, Track track) {}

  private record StreamingAccess(String request, List<HttpStream> streams) {
    List<Track> tracks() {
      return streams.stream().map(HttpStream::track).toList();
    }
  }

  private final LeaseServer leases = new LeaseServer();
  private final GatewayProcess gateway = new GatewayProcess(leases, HttpGatewayProgram.class);
  private final ByteRecorder recorder = new ByteRecorder().start();
  private final int port;
  private final SSLContext trust;
  private final Random random;
  private final EndTally tally;

  HttpLane(long seed, EndTally tally) throws IOException {
    String[] words = gateway.url().split(" ", -1);
    this.port = Integer.parseInt(words[0]);
    String pem = new String(Base64.getDecoder().decode(words[1]), US_ASCII);
    this.trust = new TestCertificate(pem, "").trusting();
    this.random = new Random(seed);
    this.tally = tally;
  }

  /// The process is stopped, before the revocation or after it, and goes on more than a second
  /// after it.
  void stopped() throws Exception {
    StreamingAccess open = streaming();
    long revoked;
    if (random.nextBoolean()) {
      gateway.stop();
      pause(random.nextInt(200));
      revoked = leases.revoke(open.request());
    } else {
      revoked = leases.revoke(open.request());
      pause(random.nextInt(4));
      gateway.stop();
    }
    markAfterASecond(open, revoked);
    pause(random.nextInt(1_000));
    gateway.resume();
    tally("stopped", open);
  }

  /// The network to the control plane is cut, and heals more than a second after the revocation.
  /// Until then the clients fetch what they can.
  void cutOff() throws Exception {
    StreamingAccess open = streaming();
    gateway.longestPauseNanos();
    leases.cut();
    pause(random.nextInt(600));
    markAfterASecond(open, leases.revoke(open.request()));
    open.tracks().forEach(Track::hurry);
    pause(random.nextInt(1_500));
    leases.heal();
    tally(gateway.longestPauseNanos() < NO_PROCESSOR ? "cut off" : "cut off, no processor", open);
  }

  /// The process is killed; nothing of it goes on.
  void killed() throws Exception {
    StreamingAccess open = streaming();
    gateway.kill();
    markAfterASecond(open, leases.revoke(open.request()));
    tally("killed", open);
  }

  private StreamingAccess streaming() throws Exception {
    GatewayProcess.Access access = gateway.approved();
    List<HttpStream> streams = new ArrayList<>();
    for (Wish wish : WISHES) {
      streams.add(stream(access.login(), wish));
    }
    for (HttpStream each : streams) {
      long until = System.nanoTime() + BEGUN_WITHIN;
      while (each.track().received() < BEGUN) {
        if (each.track().isGone() || System.nanoTime() > until) {
          throw new IOException("the stream " + each.kind() + " has not begun");
        }
        pause(10);
      }
    }
    pause(50 + random.nextInt(250));
    return new StreamingAccess(access.request(), List.copyOf(streams));
  }

  /// Asks over TLS. What comes back is counted as it is on the wire, and not decrypted.
  private HttpStream stream(String token, Wish wish) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (wish.receive() > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, wish.receive());
    }
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    SSLSocket socket =
        (SSLSocket)
            trust.getSocketFactory().createSocket(channel.socket(), "127.0.0.1", port, true);
    socket.startHandshake();
    String request =
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(wish.path(), token);
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    Track track = new Track(channel, wish.slow());
    recorder.add(track);
    return new HttpStream(wish.kind(), socket, track);
  }

  private void markAfterASecond(StreamingAccess open, long revoked) {
    LockSupport.parkNanos(revoked + SECOND - System.nanoTime());
    while (System.nanoTime() - revoked < SECOND) {
      Thread.onSpinWait();
    }
    recorder.mark(open.tracks());
  }

  private void tally(String what, StreamingAccess open) {
    pause(500);
    List<Track> tracks = open.tracks();
    tracks.forEach(Track::hurry);
    long until = System.nanoTime() + GONE_WITHIN;
    while (!tracks.stream().allMatch(Track::isGone) && System.nanoTime() < until) {
      pause(10);
    }
    List<Long> late = recorder.since(tracks);
    for (int i = 0; i < tracks.size(); i++) {
      tally.late(what, open.streams().get(i).kind(), tracks.get(i), late.get(i));
    }
    tally.lived(what, 0);
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(millis * 1_000_000L);
  }

  @Override
  public void close() throws IOException {
    recorder.close();
    leases.close();
    gateway.close();
  }
}
