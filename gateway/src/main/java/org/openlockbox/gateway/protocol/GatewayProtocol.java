package org.openlockbox.gateway.protocol;

import java.io.IOException;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.resource.ProtectedResource;

/// One protocol of a gateway: the resources that it leads to, and how clients log in by it. It
/// hands whoever has proven a credential to [GatewayServices#admission], and whoever is let in to
/// [GatewayServices#sessions].
public interface GatewayProtocol extends AutoCloseable {
  /// Makes a protocol for one start of a gateway.
  @FunctionalInterface
  interface Factory {
    GatewayProtocol create(GatewayIdentity identity, LongSupplier nanoTime) throws IOException;
  }

  /// What it protects; the same until [#reload].
  Collection<? extends ProtectedResource> resources();

  /// Begins to look after its resources. No client is heard yet.
  void start();

  /// Begins to listen to clients.
  ///
  /// @return the port; 0 where its clients are in this process
  int listen(GatewayServices services) throws IOException;

  /// Goes on with the newest configuration that it was given: its resources and what clients are
  /// shown. Sessions that are open notice nothing.
  default void reload() {}

  /// Whether the threads that serve its clients are there. If not, only a new start helps.
  default boolean isRunning() {
    return true;
  }

  /// Hears no more clients; sessions go on.
  void stopListening();

  /// Lets everything go. The sessions have ended.
  @Override
  void close();
}
