package org.openlockbox.node.setup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.node.config.NodeConfig.ServerPart;
import org.openlockbox.node.service.ServerSettings;

/// A file with which the client knows its server, whom it asks as, and whom it believes
/// (docs/cli.md): in `profiles` of the client's own directory, mode 0600.
public record ClientProfile(URI server, String token, Optional<Path> authority) {
  /// For this token, at the server of this configuration.
  public static ClientProfile of(ServerPart server, String token) {
    return new ClientProfile(server.web().url(), token, authority(server));
  }

  /// The authority that engineers get for the gateway, if it signed the server's certificate too.
  private static Optional<Path> authority(ServerPart server) {
    return server
        .web()
        .tls()
        .map(tls -> tls.certificate())
        .filter(certificate -> isSignedBy(certificate, server.gateways().ca()))
        .map(_ -> server.gateways().ca().toAbsolutePath());
  }

  /// Whether one of these authorities signed the certificate, or one between them in its file.
  private static boolean isSignedBy(Path certificate, Path authority) {
    List<X509Certificate> authorities = read(authority);
    return read(certificate).stream()
        .anyMatch(one -> authorities.stream().anyMatch(by -> isSignedBy(one, by)));
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private static List<X509Certificate> read(Path file) {
    var pem = new ByteArrayInputStream(ServerSettings.text(file).getBytes(US_ASCII));
    try {
      return CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException none) {
      return List.of();
    }
  }

  /// Where the client looks for the profile of this name.
  public static Path file(Map<String, String> environment, String name) {
    return directory(environment).resolve("profiles").resolve(name + ".properties");
  }

  static Path directory(Map<String, String> environment) {
    String own = environment.getOrDefault("LOCKBOX_CONFIG_DIR", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    return xdg.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "."), ".config", "lockbox")
        : Path.of(xdg, "lockbox");
  }

  /// Writes it; refuses a profile that is there.
  public void write(Path file) {
    new HostFiles().secret(file, this::text);
  }

  String text() {
    return "server=%s\ntoken=%s\n".formatted(server, token)
        + authority.map("ca=%s\n"::formatted).orElse("");
  }

  /// Without the token.
  @Override
  public String toString() {
    return "ClientProfile[" + server + "]";
  }
}
