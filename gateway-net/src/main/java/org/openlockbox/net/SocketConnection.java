package org.openlockbox.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.gate.Clearance;

/// One TCP connection, encrypted or not. During login it is used by blocking calls; then an event
/// loop takes it over ([#serveOn]) and no call waits any more: a read gives what is there, and of a
/// write what the socket does not take at once, or what the line's [Clearance] holds, is kept until
/// [#flush] is called.
///
/// One thread uses it at a time. Only [#close] may come from anywhere.
public final class SocketConnection implements Closeable {
  /// The most that one system call sends: two full TLS records, which are what one read of the
  /// other side brings.
  static final int PIECE = 33 * 1024;

  /// Of which Linux makes twice as much, and takes up to 64 KiB more.
  private static final int SEND_BUFFER = 64 * 1024;

  private final Socket socket;
  private final SocketChannel channel;
  private Buffers buffers = new Buffers();
  private @Nullable TlsRecords tls;
  private boolean waits = true;
  private Clearance clearance = new NoClearance();
  private byte[] unsent = Buffers.NONE;
  private int unsentFrom;
  private int unsentTo;
  private long taken;

  /// @param socket that of a channel, in blocking mode
  public SocketConnection(Socket socket) {
    this.socket = socket;
    this.channel = socket.getChannel();
  }

  /// Encrypts from here on. `consumed` are bytes that were read already and belong inside.
  ///
  /// @return what was agreed on
  public SSLSession encrypt(SSLEngine engine, byte[] consumed) throws IOException {
    TlsRecords records = new TlsRecords(engine, consumed);
    tls = records;
    records.handshake(this, buffers);
    return engine.getSession();
  }

  /// Gives the line to an event loop: from now on nothing waits, and nothing leaves without asking.
  public SocketChannel serveOn(Buffers ofLoop, Clearance clearance) throws IOException {
    channel.configureBlocking(false);
    waits = false;
    buffers = ofLoop;
    this.clearance = clearance;
    return channel;
  }

  /// From now on another one is asked.
  public void answerTo(Clearance other) {
    clearance = other;
  }

  /// Bounds what the kernel holds for a peer that is slow, to less than 192 KiB on Linux, and has
  /// it thrown away however the connection is closed, also by the death of this process.
  public void boundQueue() throws IOException {
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  public InetSocketAddress here() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  public InetSocketAddress there() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  public boolean isOpen() {
    return channel.isOpen();
  }

  /// Reads at most `count` bytes: -1 at the end; 0 when nothing is there and nothing waits.
  public int read(byte[] into, int at, int count) throws IOException {
    return tls == null ? receive(into, at, count) : tls.read(this, buffers, into, at, count);
  }

  /// Whether bytes have arrived that no readiness of the socket will tell of.
  public boolean hasMore() {
    return tls != null && tls.hasMore();
  }

  public void write(byte[] from, int at, int count) throws IOException {
    if (tls == null) {
      send(from, at, count);
    } else {
      tls.write(this, buffers, from, at, count);
    }
  }

  /// Writes what the socket did not take before; true when nothing of it is left.
  public boolean flush() throws IOException {
    unsentFrom += offer(unsent, unsentFrom, unsent());
    if (unsent() > 0) {
      return false;
    }
    unsent = Buffers.NONE;
    unsentFrom = 0;
    unsentTo = 0;
    return true;
  }

  /// Offers the socket piece after piece until it takes one in part only; answers how many bytes it
  /// has taken. The question stands directly before each system call.
  private int offer(byte[] from, int at, int count) throws IOException {
    int offered = 0;
    while (offered < count && clearance.isOpen()) {
      int piece = Math.min(count - offered, PIECE);
      int more = channel.write(ByteBuffer.wrap(from, at + offered, piece));
      taken += more;
      if (more > 0 && clearance.isLate()) {
        abort();
        throw new LateWrite();
      }
      offered += more;
      if (more < piece) {
        break;
      }
    }
    return offered;
  }

  /// How many bytes the socket has taken since an event loop has the line, as they are on the wire.
  public long taken() {
    return taken;
  }

  /// Whether the socket has taken all that was written.
  public boolean isFlushed() {
    return unsent() == 0;
  }

  /// How many bytes the socket has not taken yet.
  public int unsent() {
    return unsentTo - unsentFrom;
  }

  /// Says goodbye in TLS (close_notify), after everything else.
  public void sayGoodbye() throws IOException {
    if (tls != null) {
      tls.sayGoodbye(this, buffers);
    }
  }

  /// Reads what has come and throws it away; false at the end of the stream.
  public boolean discard() throws IOException {
    byte[] some = buffers.arrived();
    return receive(some, 0, some.length) >= 0;
  }

  /// Tells the peer that nothing more comes. What it has not fetched yet it still can, until
  /// [#close].
  public void endOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException e) {
      // it has gone already
    }
  }

  /// Bytes as they are on the wire.
  int receive(byte[] into, int at, int count) throws IOException {
    return waits
        ? socket.getInputStream().read(into, at, count)
        : channel.read(ByteBuffer.wrap(into, at, count));
  }

  /// Bytes as they are on the wire.
  void send(byte[] from, int at, int count) throws IOException {
    if (waits) {
      socket.getOutputStream().write(from, at, count);
      return;
    }
    int sent = flush() ? offer(from, at, count) : 0;
    if (sent < count) {
      keep(from, at + sent, count - sent);
    }
  }

  /// Keeps what the socket has not taken. What grows at least doubles: a long message comes here in
  /// many pieces.
  private void keep(byte[] from, int at, int count) {
    int kept = unsent();
    if (count > unsent.length - unsentTo) {
      byte[] larger = new byte[Math.max(kept + count, kept * 2)];
      System.arraycopy(unsent, unsentFrom, larger, 0, kept);
      unsent = larger;
      unsentFrom = 0;
      unsentTo = kept;
    }
    System.arraycopy(from, at, unsent, unsentTo, count);
    unsentTo += count;
  }

  /// For the blocking calls of a login.
  public InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return SocketConnection.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int at, int count) throws IOException {
        return count == 0 ? 0 : SocketConnection.this.read(into, at, count);
      }
    };
  }

  /// For the blocking calls of a login.
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        SocketConnection.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int at, int count) throws IOException {
        SocketConnection.this.write(from, at, count);
      }
    };
  }

  /// Closes at once and throws away what the peer has not fetched: the system would go on
  /// delivering that for as long as a slow peer likes.
  public void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // closed already
    }
    close();
  }

  /// Before anybody has said who is asked.
  private static final class NoClearance implements Clearance {
    @Override
    public boolean isOpen() {
      return false;
    }

    @Override
    public boolean isLate() {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }
}
