package org.openlockbox.server.tenant;

import java.util.Collection;
import java.util.List;
import org.openlockbox.server.tenant.GatewayStatements.NumberedStatement;

/// What the gateway authority signed, a second time, where a restore of the control plane's
/// database does not reach. Only grows.
public interface GatewayStatementCopy {
  /// Everything that is remembered, as far as this server knows, the oldest first. Waits for
  /// nobody.
  List<NumberedStatement> all();

  /// Whether all of it is there still. Takes note of what other servers have put there.
  boolean isWhole();

  /// Remembers those that it does not have yet; durable on return. Throws [UncheckedIOException] if
  /// they cannot be written; then some of them may be remembered.
  void keep(Collection<NumberedStatement> signed);
}
