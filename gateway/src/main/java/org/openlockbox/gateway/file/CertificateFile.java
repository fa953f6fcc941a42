package org.openlockbox.gateway.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.GatewayCertificate;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.VerifyingKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway's certificate in a file, read anew when the file is another one: so a renewal needs no
/// restart. What cannot be used leaves the certificate that was read before.
public final class CertificateFile implements Supplier<Envelope> {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFile.class);

  private final Path file;
  private final GatewayId gateway;
  private final VerifyingKey key;
  private Envelope newest;
  private FileTime read;

  private CertificateFile(
      Path file, GatewayId gateway, VerifyingKey key, Envelope newest, FileTime read) {
    this.file = file;
    this.gateway = gateway;
    this.key = key;
    this.newest = newest;
    this.read = read;
  }

  /// The certificate of this gateway for this key.
  ///
  /// @throws UnusableFile if the file holds no such one
  public static CertificateFile of(Path file, GatewayId gateway, VerifyingKey key) {
    try {
      var time = Files.getLastModifiedTime(file);
      return new CertificateFile(file, gateway, key, checked(file, gateway, key), time);
    } catch (IOException | MalformedJson e) {
      throw new UnusableFile(
          "gateway.certificate: %s: %s; make one: lockbox gateway enroll %s"
              .formatted(file, e.getMessage(), gateway),
          e);
    }
  }

  private static Envelope checked(Path file, GatewayId gateway, VerifyingKey key)
      throws IOException {
    var text = Files.readString(file).strip();
    var envelope = Envelope.parse(CanonicalJson.parse(Bytes.ofUtf8(text)));
    var certificate = GatewayCertificate.parse(envelope);
    if (!certificate.gateway().equals(gateway) || !certificate.key().equals(key)) {
      throw new MalformedJson("the certificate is of another gateway or another key");
    }
    return envelope;
  }

  @Override
  public synchronized Envelope get() {
    try {
      var time = Files.getLastModifiedTime(file);
      if (!time.equals(read)) {
        read = time;
        newest = checked(file, gateway, key);
        LOG.info("{} was read anew", file);
      }
    } catch (IOException | MalformedJson e) {
      LOG.error("{} cannot be used, the certificate before goes on: {}", file, e.getMessage());
    }
    return newest;
  }
}
