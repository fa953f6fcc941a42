package org.openlockbox.http.session;

import org.openlockbox.gateway.gate.SocketStates;

/// One connection of a client, which belongs to one session from its first request on.
public interface EngineerConnection {
  SocketStates.Endpoints ends();

  boolean isOpen();

  /// Whether nothing is under way to the client any more. It may be closed while that is asked, and
  /// what is closed is reset.
  default boolean isSettled(SocketStates states) {
    return !isOpen() || states.isEmpty(ends()) || !isOpen();
  }

  /// Closes it at once; what the kernel still holds for the client is thrown away.
  void reset();
}
