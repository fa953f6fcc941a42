package org.openlockbox.net;

import java.nio.channels.SocketChannel;

/// Lines for tests of other packages.
public final class TestLines {
  private TestLines() {}

  /// One without TLS.
  public static SocketConnection over(SocketChannel channel) {
    return new SocketConnection(channel.socket());
  }
}
