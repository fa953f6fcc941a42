package org.openlockbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.openlockbox.node.setup.CertificateMaker;

/// A certificate authority for this machine alone and one server certificate for `localhost`,
/// `127.0.0.1` and the hosts of browser sessions, made when missing. The authority's key is thrown
/// away as soon as the one certificate is signed: nobody can make a second.
final class DemoCertificates {
  private static final Duration LIFE = Duration.ofDays(800);

  private final Path directory;
  private final CertificateMaker maker;

  DemoCertificates(Path directory, InstantSource clock, SecureRandom random) {
    this.directory = directory;
    this.maker = new CertificateMaker(clock, random);
  }

  Path authority() {
    return directory.resolve("ca.pem");
  }

  Path certificate() {
    return directory.resolve("server.pem");
  }

  Path key() {
    return directory.resolve("server.key");
  }

  void make() throws IOException {
    if (Files.exists(certificate())) {
      return;
    }
    Files.createDirectories(directory);
    var authority = maker.authority("OpenLockbox demo authority", LIFE);
    var server =
        maker.certificate(
            authority,
            "localhost",
            List.of("localhost", "127.0.0.1", "*.lockbox.localhost"),
            CertificateMaker.CertificateUse.SERVER,
            LIFE);
    write(key(), server.keyPem(), "rw-------");
    write(authority(), authority.certificatePem(), "rw-r--r--");
    write(certificate(), server.certificatePem(), "rw-r--r--");
  }

  private static void write(Path file, String pem, String mode) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.writeString(file, pem);
  }
}
