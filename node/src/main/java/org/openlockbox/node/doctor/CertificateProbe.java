package org.openlockbox.node.doctor;

import static org.openlockbox.node.doctor.HostFinding.broken;
import static org.openlockbox.node.doctor.HostFinding.ok;
import static org.openlockbox.node.doctor.HostFinding.warning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.node.config.NodeConfig.TlsFiles;

/// A TLS certificate: how long it is valid, whether its key belongs to it, whether it names the
/// host, and whether the authority that people get signed it.
///
/// @param host which name it has to carry, if it is one that people type
/// @param authority who has to have signed it, if people get that one
record CertificateProbe(
    String subject,
    TlsFiles files,
    Optional<String> host,
    Optional<Path> authority,
    InstantSource clock)
    implements Probe {
  private static final long SOON = 30;
  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  @Override
  public List<HostFinding> look() throws IOException, GeneralSecurityException {
    Path file = files.certificate();
    var certificate = read(file);
    try {
      TlsIdentity.parse(Files.readString(file), Files.readString(files.key()));
    } catch (IllegalArgumentException e) {
      return List.of(
          broken(
              subject,
              "%s: %s".formatted(file, e.getMessage()),
              "Name the key that belongs to it."));
    }
    if (host.isPresent() && !names(certificate, host.get())) {
      return List.of(
          broken(
              subject,
              "%s is not for %s, so clients refuse it.".formatted(file, host.get()),
              "Get a certificate whose subjectAltName has that name."));
    }
    if (authority.isPresent() && !isSignedBy(certificate, read(authority.get()))) {
      return List.of(
          broken(
              subject,
              "%s is not signed by %s, which engineers get.".formatted(file, authority.get()),
              "Name its own authority in server.gatewayCa."));
    }
    return List.of(
        validity(subject, file, certificate.getNotAfter().toInstant(), "Renew it.", clock));
  }

  /// The certificate of an authority that is handed out or trusted here.
  static Probe authority(String subject, Path file, InstantSource clock) {
    return () ->
        List.of(
            validity(
                subject,
                file,
                read(file).getNotAfter().toInstant(),
                "Make a new authority, name both in this file, then renew what the old one signed.",
                clock));
  }

  /// How many days are left.
  static HostFinding validity(
      String subject, Path file, Instant end, String next, InstantSource clock) {
    long days = Duration.between(clock.instant(), end).toDays();
    if (clock.instant().isAfter(end)) {
      return broken(subject, "%s ended at %s.".formatted(file, end), next);
    }
    return days < SOON
        ? warning(subject, "%s ends in %d days.".formatted(file, days), next)
        : ok(subject, "%d days are left.".formatted(days));
  }

  private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private static boolean names(X509Certificate certificate, String host)
      throws GeneralSecurityException {
    var names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(ADDRESS))
            .map(name -> String.valueOf(name.get(1)))
            .anyMatch(name -> name.equalsIgnoreCase(host) || isWildcardOf(name, host));
  }

  private static boolean isWildcardOf(String name, String host) {
    int dot = host.indexOf('.');
    return name.startsWith("*.")
        && dot > 0
        && name.substring(1).equalsIgnoreCase(host.substring(dot));
  }
}
