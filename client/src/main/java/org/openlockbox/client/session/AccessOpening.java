package org.openlockbox.client.session;

/// What became of a token that somebody showed to the application.
public sealed interface AccessOpening {
  /// Its session is open.
  record OpenedAccess(AccessSession session) implements AccessOpening {}

  record RefusedAccess(AccessRefusal why) implements AccessOpening {}
}
