package org.openlockbox.spring;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.client.session.AccessRefusal;
import org.openlockbox.client.session.RecordedAction;
import org.openlockbox.client.session.ReleaseRefused;
import org.openlockbox.client.session.ReleasedStream;

/// A response that lets everything pass until it is held, and from then on only what an action
/// releases.
final class HeldResponse extends HttpServletResponseWrapper {
  private @Nullable ReleasedStream released;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;
  private boolean isTaken;

  HeldResponse(HttpServletResponse response) {
    super(response);
  }

  /// What is shown is good for this once: it is kept in no cache.
  ///
  /// @throws IOException if something of the answer has left already, or if somebody, such as a
  ///   filter, has a way to write it that is not held
  void hold(RecordedAction action) throws IOException {
    if (isCommitted() || released != null) {
      throw new IOException("an answer began before its action was on record");
    }
    if (isTaken) {
      throw new IOException("a filter asks for the stream of an answer before the answer begins");
    }
    setHeader("Cache-Control", "no-store");
    released = action.releaseTo(super.getOutputStream(), 1);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ReleasedStream held = released;
    if (held == null) {
      isTaken = true;
      return super.getOutputStream();
    }
    ServletOutputStream made = stream == null ? new HeldStream(held) : stream;
    stream = made;
    return made;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    ReleasedStream held = released;
    if (held == null) {
      isTaken = true;
      return super.getWriter();
    }
    PrintWriter made =
        writer == null
            ? new PrintWriter(
                new OutputStreamWriter(held, Charset.forName(getCharacterEncoding())), false)
            : writer;
    writer = made;
    return made;
  }

  /// They would leave behind the last piece, uncounted.
  @Override
  public void setTrailerFields(Supplier<Map<String, String>> fields) {
    if (released != null) {
      throw new IllegalStateException("a protected answer has no trailers");
    }
    super.setTrailerFields(fields);
  }

  /// What has been written leaves through the gate, before its head does.
  @Override
  public void flushBuffer() throws IOException {
    ReleasedStream held = released;
    if (held == null) {
      super.flushBuffer();
      return;
    }
    flushWriter();
    held.flush();
  }

  private void flushWriter() {
    if (writer != null) {
      writer.flush();
    }
  }

  /// What has not left yet, does not.
  @Override
  public void resetBuffer() {
    super.resetBuffer();
    forget();
  }

  @Override
  public void reset() {
    super.reset();
    forget();
  }

  private void forget() {
    writer = null;
    if (released != null) {
      released.forget();
    }
  }

  /// Nothing more is written.
  ///
  /// @throws org.openlockbox.client.session.ReleaseRefused if the rest may not leave
  void finish() throws IOException {
    flushWriter();
    if (released != null) {
      released.close();
    }
  }

  /// Why the rest did not leave, if it did not.
  Optional<ReleaseRefused> refused() {
    return Optional.ofNullable(released).flatMap(ReleasedStream::refused);
  }

  /// Says why nothing is shown; false if something of the answer has left, so that only a broken
  /// connection tells.
  boolean isRefusedWith(AccessRefusal why) throws IOException {
    if (isCommitted()) {
      return false;
    }
    super.reset();
    new RefusalAnswer(why).writeTo((HttpServletResponse) getResponse());
    return true;
  }

  private static final class HeldStream extends ServletOutputStream {
    private final ReleasedStream to;

    HeldStream(ReleasedStream to) {
      this.to = to;
    }

    @Override
    public void write(int each) throws IOException {
      to.write(each);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      to.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException("a protected answer is written by a thread that may wait");
    }
  }
}
