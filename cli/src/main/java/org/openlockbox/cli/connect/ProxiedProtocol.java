package org.openlockbox.cli.connect;

import java.io.IOException;
import java.net.Socket;

/// How a connection of this machine goes on to the gateway.
public sealed interface ProxiedProtocol permits ProxiedPostgres, ProxiedHttp {
  /// Takes it there, until one of the two leaves. A read waits a while and no longer; whoever is
  /// let in may be silent.
  void serve(Socket client) throws IOException;
}
