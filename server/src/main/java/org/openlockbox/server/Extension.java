package org.openlockbox.server;

import org.springframework.context.support.GenericApplicationContext;

/// What a server answers beside its API, on the same port: the pages of the portal. A server
/// without one serves its API all the same.
@FunctionalInterface
public interface Extension {
  /// A server that has its API alone.
  Extension NONE = (server, context) -> {};

  /// Gives Spring what handles the calls, and begins the work that it repeats. Called once, before
  /// the server answers.
  void plugInto(Wiring server, GenericApplicationContext context);
}
