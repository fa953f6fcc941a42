package org.openlockbox.spring;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;

/// A request whose body may be read once before the application reads it, and whose other ways to
/// answer lead through the exchange as well.
final class HeldRequest extends HttpServletRequestWrapper {
  private final ProtectedExchange exchange;
  private byte @Nullable [] body;
  private boolean isTaken;

  HeldRequest(HttpServletRequest request, ProtectedExchange exchange) {
    super(request);
    this.exchange = exchange;
  }

  /// Whether somebody, such as a filter, has begun to read the body: nobody knows any more what the
  /// application will be shown of it.
  boolean isTaken() {
    return isTaken;
  }

  /// The whole body, which the application can read as well; empty if it has more bytes, or if
  /// somebody has taken it before.
  Optional<Bytes> body(int most) throws IOException {
    if (isTaken && mayHaveBody()) {
      return Optional.empty();
    }
    byte[] read = super.getInputStream().readNBytes(most + 1);
    body = read;
    return read.length > most ? Optional.empty() : Optional.of(Bytes.of(read));
  }

  /// In HTTP/1.1 a body announces itself (RFC 9112 section 6).
  private boolean mayHaveBody() {
    boolean announced = getContentLengthLong() > 0 || getHeader("Transfer-Encoding") != null;
    return announced || (getContentLengthLong() < 0 && !getProtocol().startsWith("HTTP/1"));
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    byte[] read = body;
    isTaken |= read == null;
    return read == null ? super.getInputStream() : new ReadBody(read);
  }

  @Override
  public Collection<Part> getParts() throws IOException, ServletException {
    isTaken = true;
    return super.getParts();
  }

  @Override
  public Part getPart(String name) throws IOException, ServletException {
    isTaken = true;
    return super.getPart(name);
  }

  @Override
  public BufferedReader getReader() throws IOException {
    byte[] read = body;
    if (read == null) {
      isTaken = true;
      return super.getReader();
    }
    String named = getCharacterEncoding();
    Charset charset = named == null ? StandardCharsets.UTF_8 : Charset.forName(named);
    return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(read), charset));
  }

  /// The container would give the answer itself to the other thread.
  @Override
  public AsyncContext startAsync() {
    return startAsync(this, exchange.response());
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    if (exchange.call().isPresent()) {
      exchange.requireHeld(response);
    }
    return new HeldAsync(super.startAsync(request, response), exchange);
  }

  @Override
  public AsyncContext getAsyncContext() {
    return new HeldAsync(super.getAsyncContext(), exchange);
  }

  /// Another protocol has no gate.
  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler)
      throws IOException, ServletException {
    if (exchange.call().isPresent()) {
      throw new IllegalStateException("a protected answer does not change to another protocol");
    }
    return super.upgrade(handler);
  }

  private static final class ReadBody extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    ReadBody(byte[] bytes) {
      this.bytes = new ByteArrayInputStream(bytes);
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int from, int length) {
      return bytes.read(into, from, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException("the body has been read");
    }
  }
}
