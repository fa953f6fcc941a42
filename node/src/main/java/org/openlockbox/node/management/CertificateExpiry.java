package org.openlockbox.node.management;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.Envelope;

/// How long a certificate in a file still lasts. The file is read anew each time, so that a renewal
/// shows.
///
/// @param setting the key of the configuration that names the file
public record CertificateExpiry(String setting, Path file, CertificateKind kind) {
  /// What the file holds.
  public enum CertificateKind {
    /// X.509, as TLS shows it.
    TLS,

    /// What the gateway authority signed.
    GATEWAY
  }

  private static final double MILLIS = 1000;

  /// Seconds; below zero when it is over, and `-1` also when it cannot be read.
  double left(InstantSource clock) {
    try {
      long end =
          switch (kind) {
            case TLS -> tls();
            case GATEWAY -> gateway();
          };
      return (end - clock.millis()) / MILLIS;
    } catch (IOException | CertificateException | MalformedJson | IllegalArgumentException e) {
      return -1;
    }
  }

  private long tls() throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      var first =
          CertificateFactory.getInstance("X.509").generateCertificates(in).iterator().next();
      Instant end = ((X509Certificate) first).getNotAfter().toInstant();
      return end.toEpochMilli();
    }
  }

  private long gateway() throws IOException {
    var text = Files.readString(file).strip();
    var envelope = Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
    return GatewayCertificate.parse(envelope).validity().notAfter().toEpochMilli();
  }
}
