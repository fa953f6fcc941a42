package org.openlockbox.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.node.config.NodeConfig.TlsFiles;
import org.openlockbox.node.doctor.HostFinding.Severity;
import org.openlockbox.node.setup.CertificateMaker;
import org.openlockbox.node.setup.CertificateMaker.CertificateUse;

final class CertificateProbeTest {
  private static final Instant MADE = Instant.parse("2026-01-05T09:00:00Z");
  private static final String HOST = "lockbox.example.com";

  @TempDir private Path home;

  @BeforeEach
  void make() throws IOException {
    var maker = new CertificateMaker(() -> MADE, new SecureRandom());
    for (String name : List.of("one", "two")) {
      var authority = maker.authority(name, Duration.ofDays(1000));
      var leaf =
          maker.certificate(
              authority, HOST, List.of(HOST), CertificateUse.SERVER, Duration.ofDays(100));
      Files.writeString(home.resolve(name + "-ca.pem"), authority.certificatePem());
      Files.writeString(home.resolve(name + ".pem"), leaf.certificatePem());
      Files.writeString(home.resolve(name + ".key"), leaf.keyPem());
    }
  }

  private HostFinding look(String key, String host, String authority, Duration later)
      throws Exception {
    InstantSource clock = () -> MADE.plus(later);
    var files = new TlsFiles(home.resolve("one.pem"), home.resolve(key), Optional.empty());
    var ca = Optional.of(home.resolve(authority));
    var found = new CertificateProbe("certificate", files, Optional.of(host), ca, clock).look();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void oneThatFitsSaysHowLongItLasts() throws Exception {
    var found = look("one.key", HOST, "one-ca.pem", Duration.ZERO);
    assertThat(found).isEqualTo(HostFinding.ok("certificate", "99 days are left."));
  }

  @Test
  void oneThatEndsSoonIsAWarningAndOneThatEndedIsBroken() throws Exception {
    assertThat(look("one.key", HOST, "one-ca.pem", Duration.ofDays(80)).severity())
        .isEqualTo(Severity.WARNING);
    assertThat(look("one.key", HOST, "one-ca.pem", Duration.ofDays(101)).severity())
        .isEqualTo(Severity.BROKEN);
  }

  /// A browser goes to a host of each login below a domain.
  @Test
  void aCertificateForBrowsersNamesAllHostsOfTheirDomain() throws Exception {
    var maker = new CertificateMaker(() -> MADE, new SecureRandom());
    var authority = maker.authority("three", Duration.ofDays(1000));
    var leaf =
        maker.certificate(
            authority,
            HOST,
            List.of(HOST, "*.apps.example.com"),
            CertificateUse.SERVER,
            Duration.ofDays(100));
    Files.writeString(home.resolve("one.pem"), leaf.certificatePem());
    Files.writeString(home.resolve("one.key"), leaf.keyPem());
    Files.writeString(home.resolve("one-ca.pem"), authority.certificatePem());
    assertThat(look("one.key", "*.apps.example.com", "one-ca.pem", Duration.ZERO).severity())
        .isEqualTo(Severity.OK);
    assertThat(look("one.key", "*.example.com", "one-ca.pem", Duration.ZERO).text())
        .contains("is not for *.example.com");
  }

  @Test
  void anotherKeyAnotherHostAndAnotherAuthorityAreBroken() throws Exception {
    for (var found :
        List.of(
            look("two.key", HOST, "one-ca.pem", Duration.ZERO),
            look("one.key", "other.example.com", "one-ca.pem", Duration.ZERO),
            look("one.key", HOST, "two-ca.pem", Duration.ZERO))) {
      assertThat(found.severity()).as(found::toString).isEqualTo(Severity.BROKEN);
      assertThat(found.next()).isPresent();
    }
  }
}
