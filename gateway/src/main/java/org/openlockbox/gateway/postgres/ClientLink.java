package org.openlockbox.gateway.postgres;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/// The encrypted connection to a client. Closing it closes the socket below TLS, so that a writer
/// which is stuck on a slow client cannot delay the end of a session.
public final class ClientLink implements Closeable {
  private final Socket raw;
  private final SSLSocket tls;
  private final InputStream in;
  private final OutputStream out;

  ClientLink(Socket raw, SSLSocket tls) throws IOException {
    this.raw = raw;
    this.tls = tls;
    this.in = tls.getInputStream();
    this.out = tls.getOutputStream();
  }

  public InputStream in() {
    return in;
  }

  public OutputStream out() {
    return out;
  }

  /// Sets how long a read may wait; 0 for ever.
  public void readWithin(int millis) throws IOException {
    raw.setSoTimeout(millis);
  }

  public InetAddress address() {
    return raw.getInetAddress();
  }

  public void send(byte[]... messages) throws IOException {
    int total = 0;
    for (byte[] message : messages) {
      total = Math.addExact(total, message.length);
    }
    byte[] all = new byte[total];
    int at = 0;
    for (byte[] message : messages) {
      System.arraycopy(message, 0, all, at, message.length);
      at += message.length;
    }
    out.write(all);
    out.flush();
  }

  /// Says goodbye in TLS (close_notify) after the last message. Waits as long as a writer that is
  /// stuck on a slow client.
  public void sayGoodbye() throws IOException {
    tls.shutdownOutput();
  }

  /// Reads on and throws away what comes, until the client has ended its side too or the connection
  /// is closed: a client that is still writing would not come to read its last words, and on some
  /// systems loses them when what it wrote meets a closed connection.
  public void discardInput() {
    byte[] some = new byte[16 * 1024];
    try {
      raw.setSoTimeout(0);
      InputStream below = raw.getInputStream();
      while (below.read(some) >= 0) {}
    } catch (IOException e) {
      // closed meanwhile
    }
  }

  /// Tells the client that nothing more comes. What it has not fetched yet it still can, until
  /// [#close].
  public void endOutput() {
    try {
      raw.shutdownOutput();
    } catch (IOException e) {
      // it has gone already
    }
  }

  /// Closes at once and throws away what the client has not fetched: the system would go on
  /// delivering that for as long as a slow client likes.
  @Override
  public void close() {
    try {
      raw.setSoLinger(true, 0);
    } catch (IOException e) {
      // closed already
    }
    try {
      raw.close();
    } catch (IOException e) {
      // a socket that fails to close is closed
    }
  }
}
