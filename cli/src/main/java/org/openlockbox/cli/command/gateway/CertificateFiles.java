package org.openlockbox.cli.command.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.signing.Envelope;

/// A gateway's certificate in a file: the envelope, and a newline.
final class CertificateFiles {
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  private CertificateFiles() {}

  /// A certificate, and the envelope that it came in.
  record Certified(GatewayCertificate certificate, Envelope envelope) {}

  static Certified read(Path file) {
    try {
      String text = PrivateFile.readPublic(file, "certificate").strip();
      Envelope envelope = Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
      return new Certified(GatewayCertificate.parse(envelope), envelope);
    } catch (MalformedJson e) {
      throw Failure.usage(
          file + " is no certificate of a gateway: " + e.getMessage(), "lockbox gateway enroll");
    }
  }

  static String text(Envelope certificate) {
    return CanonicalJson.text(certificate.toJson()) + "\n";
  }

  /// From now on, for so many days.
  static Window validity(InstantSource clock, int days) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Duration length = Duration.ofDays(days);
    if (days < 1 || length.plus(CLOCKS_DIFFER).compareTo(GatewayCertificate.LONGEST) > 0) {
      throw Failure.usage("a certificate is valid for 1 to 399 days", "--days 365");
    }
    return new Window(now.minus(CLOCKS_DIFFER), now.plus(length));
  }
}
