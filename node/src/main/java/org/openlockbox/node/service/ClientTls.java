package org.openlockbox.node.service;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.openlockbox.gateway.file.ControlPlaneTls;
import org.openlockbox.gateway.file.ControlPlaneTls.ShownPair;
import org.openlockbox.gateway.file.UnusableFile;
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// TLS of the gateway towards the server: whom it believes, and the certificate that it shows.
public final class ClientTls {
  private ClientTls() {}

  /// Empty if the configuration names neither an authority nor a certificate: then the JDK's own
  /// authorities hold.
  public static Optional<SSLContext> of(Optional<Path> authority, Optional<TlsFiles> shown) {
    try {
      return ControlPlaneTls.of(
          authority, shown.map(files -> new ShownPair(files.certificate(), files.key())));
    } catch (UnusableFile e) {
      throw new NodeFailure(Code.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// The authorities that Java knows.
  static SSLContext usual() {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new NodeFailure(Code.FAILURE, "Java's own authorities cannot be used: " + e, e);
    }
  }
}
