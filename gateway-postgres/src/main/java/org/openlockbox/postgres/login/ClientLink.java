package org.openlockbox.postgres.login;

import java.io.IOException;
import java.io.InputStream;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.wire.ServerMessages;

/// The encrypted connection to a client while it logs in, by blocking calls. The session takes the
/// [SocketConnection] over.
public final class ClientLink {
  private final SocketConnection line;
  private final InputStream in;

  ClientLink(SocketConnection line) {
    this.line = line;
    this.in = line.in();
  }

  InputStream in() {
    return in;
  }

  public SocketConnection line() {
    return line;
  }

  /// Sends messages in one piece.
  public void send(byte[]... messages) throws IOException {
    byte[] all = ServerMessages.joined(messages);
    line.write(all, 0, all.length);
  }
}
