package org.openlockbox.gateway.controlplane;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.GatewayAgent;

/// One kept-alive HTTP/1.1 connection with one request in flight (RFC 9112).
///
/// Made for small bodies at a high rate: a request is one write, and no thread but the caller's is
/// involved. All calls made over it may be repeated, so a request that meets a connection which the
/// server has closed meanwhile is sent once more on a new one. An answer says how long it is, or it
/// is none. A connection that was idle for long is not used again: whatever stands between may have
/// forgotten it without a word. To connect and to answer have one deadline each, however often
/// something is read.
final class HttpConnection implements Closeable {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 100;
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(20);
  private static final int MAX_BODY = 64 * 1024 * 1024;

  /// A status and its body.
  record HttpReply(int status, Bytes body) {}

  private final URI server;
  private final Optional<SSLContext> tls;
  private final Supplier<String> token;
  private final String agent;
  private final LongSupplier nanoTime;
  private final WriteDeadline writing;
  private @Nullable OpenSocket idle;
  private long idleSince;
  private volatile @Nullable Socket raw;

  /// A socket. It is [#idle] only between two exchanges, each with its whole answer: during one it
  /// is in nobody's hands but the caller's, and whatever goes wrong then closes it. So no call can
  /// read the answer to another one.
  private record OpenSocket(Socket socket, DeadlineSocket plain, InputStream in) {
    /// Whether something came that nobody asked for.
    boolean isTainted() throws IOException {
      return in.available() > 0;
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // a socket that fails to close is closed
      }
    }
  }

  HttpConnection(
      URI server,
      Optional<SSLContext> tls,
      Supplier<String> token,
      GatewayAgent agent,
      LongSupplier nanoTime) {
    this.server = server;
    this.tls = tls;
    this.token = token;
    this.agent = agent.header();
    this.nanoTime = nanoTime;
    this.writing = new WriteDeadline(nanoTime);
  }

  synchronized HttpReply send(String method, String path, byte[] body, Duration timeout)
      throws IOException {
    OpenSocket kept = idle;
    idle = null;
    if (kept != null && nanoTime.getAsLong() - idleSince > LONGEST_IDLE.toNanos()) {
      kept.close();
      kept = null;
    }
    if (kept != null) {
      try {
        return exchange(kept, method, path, body, timeout);
      } catch (StaleConnection e) {
        // closed by the server meanwhile: once more on a new one
      }
    }
    try {
      return exchange(connected(timeout), method, path, body, timeout);
    } catch (StaleConnection e) {
      throw new IOException("the control plane closed the connection", e);
    }
  }

  private HttpReply exchange(
      OpenSocket over, String method, String path, byte[] body, Duration timeout)
      throws IOException {
    boolean mayBeKept = false;
    try {
      ask(over, method, path, body, timeout);
      LastReply answered = answer(firstLine(over), over.in());
      mayBeKept = !answered.last();
      return answered.answer();
    } finally {
      if (mayBeKept) {
        idle = over;
        idleSince = nanoTime.getAsLong();
      } else {
        over.close();
      }
    }
  }

  private void ask(OpenSocket over, String method, String path, byte[] body, Duration timeout)
      throws IOException {
    over.plain().allow(timeout);
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + server.getAuthority()
            + "\r\n"
            + GatewayAgent.HEADER
            + ": "
            + agent
            + "\r\nAuthorization: Bearer "
            + token.get()
            + traceHeaders()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] headBytes = head.getBytes(ISO_8859_1);
    byte[] request = Arrays.copyOf(headBytes, headBytes.length + body.length);
    System.arraycopy(body, 0, request, headBytes.length, body.length);
    try {
      if (over.isTainted()) {
        throw new EOFException("an answer that nobody asked for");
      }
      writing.write(over.plain(), over.socket(), request, timeout);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new StaleConnection(e);
    }
  }

  /// Of what this call is a part, if that is traced (W3C Trace Context).
  private static String traceHeaders() {
    if (!Span.current().getSpanContext().isSampled()) {
      return "";
    }
    var headers = new StringBuilder();
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.current(),
            headers,
            (to, name, value) ->
                Objects.requireNonNull(to).append("\r\n").append(name).append(": ").append(value));
    return headers.toString();
  }

  private static String firstLine(OpenSocket over) throws IOException {
    try {
      return line(over.in());
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      throw new StaleConnection(e);
    }
  }

  /// @param last whether the server closes the connection behind it
  private record LastReply(HttpReply answer, boolean last) {}

  private static LastReply answer(String status, InputStream from) throws IOException {
    if (!status.matches("HTTP/1\\.1 [2-5][0-9][0-9]( .*)?")) {
      throw new IOException("not an HTTP/1.1 answer");
    }
    int length = status.matches("HTTP/1\\.1 (204|304)( .*)?") ? 0 : -1;
    boolean chunked = false;
    boolean last = false;
    for (int i = 0; ; i++) {
      String header = line(from);
      if (header.isEmpty()) {
        break;
      }
      if (i > MAX_HEADERS) {
        throw new IOException("too many HTTP headers");
      }
      int colon = header.indexOf(':');
      String name = colon < 0 ? header : header.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = colon < 0 ? "" : header.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
      switch (name) {
        case "content-length" -> length = Integer.parseInt(value);
        case "transfer-encoding" -> chunked = value.equals("chunked");
        case "connection" -> last = value.equals("close");
        default -> {}
      }
    }
    byte[] body =
        chunked ? chunks(from) : length < 0 && last ? toTheEnd(from) : exactly(from, length);
    return new LastReply(
        new HttpReply(Integer.parseInt(status.substring(9, 12)), Bytes.of(body)), last);
  }

  private static byte[] chunks(InputStream from) throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(from).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        while (!line(from).isEmpty()) {}
        return body.toByteArray();
      }
      body.writeBytes(exactly(from, size));
      if (body.size() > MAX_BODY || !line(from).isEmpty()) {
        throw new IOException("an HTTP chunk is malformed or the body too large");
      }
    }
  }

  /// Of an answer behind which the server closes the connection.
  private static byte[] toTheEnd(InputStream from) throws IOException {
    byte[] body = from.readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      throw new IOException("an HTTP body of more than " + MAX_BODY + " bytes");
    }
    return body;
  }

  private static byte[] exactly(InputStream from, int length) throws IOException {
    if (length < 0 || length > MAX_BODY) {
      throw new IOException("an HTTP body of " + length + " bytes");
    }
    byte[] body = from.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the HTTP body ends early");
    }
    return body;
  }

  private static String line(InputStream from) throws IOException {
    var line = new ByteArrayOutputStream(64);
    while (true) {
      int b = from.read();
      if (b < 0 || line.size() > MAX_LINE) {
        throw new EOFException("the HTTP answer ends early");
      }
      if (b == '\n') {
        return line.toString(ISO_8859_1).stripTrailing();
      }
      line.write(b);
    }
  }

  private OpenSocket connected(Duration timeout) throws IOException {
    boolean https = "https".equals(server.getScheme());
    int port = server.getPort() > 0 ? server.getPort() : https ? 443 : 80;
    DeadlineSocket plain = new DeadlineSocket(nanoTime);
    boolean made = false;
    try {
      raw = plain;
      plain.setTcpNoDelay(true);
      plain.allow(timeout);
      plain.connect(new InetSocketAddress(server.getHost(), port), plain.left());
      Socket socket = https ? encrypted(plain, port) : plain;
      var connection =
          new OpenSocket(
              socket, plain, new BufferedInputStream(socket.getInputStream(), 16 * 1024));
      made = true;
      return connection;
    } finally {
      if (!made) {
        plain.close();
      }
    }
  }

  private Socket encrypted(Socket plain, int port) throws IOException {
    try {
      SSLContext context = tls.isPresent() ? tls.get() : SSLContext.getDefault();
      var made =
          (SSLSocket) context.getSocketFactory().createSocket(plain, server.getHost(), port, true);
      SSLParameters parameters = made.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      made.setSSLParameters(parameters);
      made.startHandshake();
      return made;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK has no default TLS", e);
    }
  }

  /// May be called by another thread to end a call that hangs.
  @Override
  public void close() {
    Socket open = raw;
    raw = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // a socket that fails to close is closed
      }
    }
  }

  /// The connection was closed before any of the answer came.
  private static final class StaleConnection extends IOException {
    private static final long serialVersionUID = 1L;

    StaleConnection(IOException cause) {
      super(cause);
    }
  }
}
