package org.openlockbox.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.openlockbox.gateway.gate.Clearance;

/// A line's bytes come out as they went in, whoever is slow and however they are cut.
class SocketConnectionTest {
  private static final TestCertificate CERTIFICATE = TestCertificate.make();

  /// More than the sockets of a machine take before somebody reads.
  private static final int SIZE = 32 << 20;

  /// Both ends of one TLS connection, logged in; the client's is a socket of the JDK's.
  private record Ends(SocketConnection line, SSLSocket peer) {}

  @FunctionalInterface
  private interface Use {
    void of(Ends ends) throws Exception;
  }

  private static void connected(String protocol, Use use) throws Exception {
    try (var listening = ServerSocketChannel.open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var peer = SocketChannel.open(listening.getLocalAddress());
      SocketConnection line = new SocketConnection(listening.accept().socket());
      Callable<SSLSocket> shaking = () -> client(peer, protocol);
      var shaken = threads.submit(shaking);
      CERTIFICATE.identity().accept(line, new byte[0], "test");
      try (SSLSocket socket = shaken.get()) {
        use.of(new Ends(line, socket));
      } finally {
        line.close();
      }
    }
  }

  private static SSLSocket client(SocketChannel channel, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(channel.socket(), "localhost", 1, true);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    return socket;
  }

  private static byte[] noise(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsReadIsWhatThePeerWroteInPiecesOfAnySize() throws Exception {
    byte[] sent = noise(1);
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), TestClearance.OPEN);
          Thread.ofVirtual().start(() -> write(ends.peer(), sent));
          assertThat(readAll(ends.line(), new Random(2), sent.length)).isEqualTo(sent);
        });
  }

  private static void write(SSLSocket peer, byte[] sent) {
    try {
      Random random = new Random(3);
      for (int at = 0; at < sent.length; ) {
        int count = Math.min(1 + random.nextInt(40_000), sent.length - at);
        peer.getOutputStream().write(sent, at, count);
        at += count;
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] readAll(SocketConnection line, Random random, int length)
      throws IOException {
    var all = new ByteArrayOutputStream();
    byte[] piece = new byte[50_000];
    while (all.size() < length) {
      int count = line.read(piece, 7, 1 + random.nextInt(random.nextBoolean() ? 100 : 49_000));
      all.write(piece, 7, count);
      if (count == 0) {
        assertThat(line.hasMore()).isFalse();
        LockSupport.parkNanos(10_000L);
      }
    }
    return all.toByteArray();
  }

  /// A loop has nothing else to do meanwhile.
  @Test
  void aLongMessageForABusyPeerIsNotCopiedAgainAndAgain() throws Exception {
    byte[] sent = noise(6);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), TestClearance.OPEN);
          long before = threads.getCurrentThreadAllocatedBytes();
          ends.line().write(sent, 0, sent.length);
          assertThat(ends.line().isFlushed()).isFalse();
          assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4L * SIZE);
        });
  }

  @Test
  void whatASlowPeerDoesNotTakeIsKeptUntilItDoes() throws Exception {
    byte[] sent = noise(4);
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), TestClearance.OPEN);
          int written = 0;
          while (ends.line().isFlushed()) {
            ends.line().write(sent, written, 30_000);
            written += 30_000;
          }
          int first = written;
          var reading = Executors.newVirtualThreadPerTaskExecutor();
          Callable<byte[]> all = () -> ends.peer().getInputStream().readNBytes(first + 1000);
          var read = reading.submit(all);
          while (!ends.line().flush()) {
            LockSupport.parkNanos(10_000L);
          }
          ends.line().write(sent, first, 1000);
          assertThat(read.get()).isEqualTo(Arrays.copyOf(sent, first + 1000));
        });
  }

  /// Open for so many pieces.
  private static Clearance openFor(AtomicInteger pieces, boolean late) {
    return new Clearance() {
      @Override
      public boolean isOpen() {
        return pieces.getAndDecrement() > 0;
      }

      @Override
      public boolean isLate() {
        return late;
      }
    };
  }

  @Test
  void nothingLeavesBehindThePieceThatWasAskedFor() throws Exception {
    AtomicInteger pieces = new AtomicInteger(2);
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), openFor(pieces, false));
          ends.line().write(noise(7), 0, 1_000_000);
          int left = ends.line().unsent();
          assertThat(left).isGreaterThan(1_000_000 - 2 * SocketConnection.PIECE);
          assertThat(ends.line().flush()).isFalse();
          assertThat(ends.line().unsent()).isEqualTo(left);
          pieces.set(1);
          assertThat(ends.line().flush()).isFalse();
          assertThat(ends.line().unsent()).isEqualTo(left - SocketConnection.PIECE);
        });
  }

  @Test
  void aWriteThatWasLateResetsTheConnection() throws Exception {
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), openFor(new AtomicInteger(9), true));
          assertThatThrownBy(() -> ends.line().write(noise(8), 0, 1_000_000))
              .isInstanceOf(LateWrite.class);
          assertThat(ends.line().isOpen()).isFalse();
          assertThatThrownBy(() -> ends.peer().getInputStream().readNBytes(1_000_000))
              .hasMessageContaining("reset");
        });
  }

  @Test
  void aPeerThatSaysGoodbyeInTlsHasLeft() throws Exception {
    connected(
        "TLSv1.3",
        ends -> {
          ends.peer().getOutputStream().write('x');
          ends.peer().shutdownOutput();
          byte[] two = new byte[2];
          assertThat(ends.line().read(two, 0, 2)).isEqualTo(1);
          assertThat(ends.line().read(two, 0, 2)).isEqualTo(-1);
        });
  }

  @Test
  void whoWantsToNegotiateTlsAnewIsRefused() throws Exception {
    connected(
        "TLSv1.2",
        ends -> {
          ends.line().serveOn(new Buffers(), TestClearance.OPEN);
          Thread.ofVirtual().start(() -> negotiateAnew(ends.peer()));
          byte[] some = new byte[100];
          assertThatThrownBy(
                  () -> {
                    while (ends.line().read(some, 0, 100) == 0) {
                      LockSupport.parkNanos(10_000L);
                    }
                  })
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("not negotiated anew");
        });
  }

  /// Each new key of the peer's wants one of ours: work and memory for nothing.
  @Test
  void whoChangesTheKeysAgainAndAgainIsRefused() throws Exception {
    connected(
        "TLSv1.3",
        ends -> {
          ends.line().serveOn(new Buffers(), TestClearance.OPEN);
          ends.peer().startHandshake();
          ends.peer().getOutputStream().write('x');
          assertThat(read(ends.line())).isEqualTo(1);
          for (int i = 0; i < 40; i++) {
            ends.peer().startHandshake();
          }
          assertThatThrownBy(() -> read(ends.line()))
              .isInstanceOf(SSLException.class)
              .hasMessageContaining("without content");
        });
  }

  private static int read(SocketConnection line) throws IOException {
    byte[] some = new byte[100];
    int count = line.read(some, 0, 100);
    for (int i = 0; count == 0 && i < 100; i++) {
      LockSupport.parkNanos(10_000_000L);
      count = line.read(some, 0, 100);
    }
    return count;
  }

  private static void negotiateAnew(SSLSocket peer) {
    try {
      peer.startHandshake();
    } catch (IOException e) {
      // that is what the test is about
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
