package org.openlockbox.gateway.session;

import java.net.InetAddress;

/// A client that has proven who it is and was let in, before its session opens.
public interface Client {
  InetAddress address();

  /// What it calls itself.
  String application();

  /// Looks again at what of its session had to wait. Called by any thread, often; never waits.
  void wake();

  /// The protocol's half of its session; asked for once.
  Traffic traffic(SessionParts parts);
}
