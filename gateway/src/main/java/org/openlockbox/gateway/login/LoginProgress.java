package org.openlockbox.gateway.login;

import java.net.InetAddress;

/// Is told how far a connection is that has not logged in.
public interface LoginProgress {
  /// Where the client is, as a trusted proxy says where there is one.
  InetAddress address();

  /// The client has said what it had to say next.
  void heard();

  /// The client waits for us, and not we for the client, until the next [#heard].
  void served();

  /// The client has proven who it is, or has gone.
  void over();
}
