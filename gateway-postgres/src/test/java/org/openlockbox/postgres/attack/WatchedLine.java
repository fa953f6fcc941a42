package org.openlockbox.postgres.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.openlockbox.net.TestCertificate;
import org.openlockbox.postgres.Knock;

/// Stands between a client and a door, speaks TLS with both, and looks for marks in all that comes
/// back: as they are, in any case, in hexadecimal, and read backwards.
final class WatchedLine implements AutoCloseable {
  private static final TestCertificate CERTIFICATE = TestCertificate.make();
  private static final int SSL_REQUEST = 8;
  private static final int CONTEXT = 200;

  private final int door;
  private final List<String> marks;
  private final ServerSocket listening;
  private final AtomicReference<String> seen = new AtomicReference<>("");
  private final AtomicLong bytes = new AtomicLong();

  WatchedLine(int door, Collection<String> marks) throws IOException {
    this.door = door;
    this.marks = marks.stream().flatMap(WatchedLine::forms).toList();
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private static Stream<String> forms(String mark) {
    return Stream.of(
        mark,
        HexFormat.of().formatHex(mark.getBytes(UTF_8)),
        new StringBuilder(mark).reverse().toString());
  }

  int port() {
    return listening.getLocalPort();
  }

  /// The first mark that came back, with what stood around it.
  Optional<String> seen() {
    return Optional.of(seen.get()).filter(text -> !text.isEmpty());
  }

  /// How much came back.
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = encrypted(listening.accept());
        Socket server = new Knock(door).insideTls();
        server.setSoTimeout(0);
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, true));
      } catch (IOException e) {
        // closed, or one of the ends was in a hurry
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// What a client hears that asks for TLS.
  private static Socket encrypted(Socket raw) throws IOException, GeneralSecurityException {
    raw.getInputStream().readNBytes(SSL_REQUEST);
    raw.getOutputStream().write('S');
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(CERTIFICATE.identity().keyManagers(), null, null);
    var tls = (SSLSocket) context.getSocketFactory().createSocket(raw, null, true);
    tls.setUseClientMode(false);
    return tls;
  }

  private void pass(Socket from, Socket to, boolean answers) {
    byte[] some = new byte[64 * 1024];
    String before = "";
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        if (answers) {
          before = look(before + new String(some, 0, n, ISO_8859_1).toLowerCase(Locale.ROOT));
          bytes.addAndGet(n);
        }
        out.write(Arrays.copyOf(some, n));
      }
    } catch (IOException e) {
      // one end has gone, and the other goes with it
    }
  }

  /// Answers the end of the text, in which a mark may have begun.
  private String look(String text) {
    for (String mark : marks) {
      int at = text.indexOf(mark);
      if (at >= 0) {
        int to = Math.min(text.length(), at + CONTEXT);
        seen.compareAndSet("", text.substring(Math.max(0, at - CONTEXT), to));
      }
    }
    return text.substring(Math.max(0, text.length() - CONTEXT));
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
