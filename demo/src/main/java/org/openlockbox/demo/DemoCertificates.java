package org.openlockbox.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for this machine alone and one server certificate for `localhost` and
/// `127.0.0.1`, both ECDSA P-256, made when missing. The authority's key is thrown away as soon as
/// the one certificate is signed: nobody can make a second.
final class DemoCertificates {
  private static final Duration LIFE = Duration.ofDays(800);

  private final Path directory;
  private final InstantSource clock;
  private final SecureRandom random;

  DemoCertificates(Path directory, InstantSource clock, SecureRandom random) {
    this.directory = directory;
    this.clock = clock;
    this.random = random;
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
    try {
      var caKey = keyPair();
      var caName = new X500Name("CN=OpenLockbox demo authority");
      var ca = sign(caName, caName, caKey, caKey, true);
      var serverKey = keyPair();
      var server = sign(caName, new X500Name("CN=localhost"), serverKey, caKey, false);
      write(key(), "PRIVATE KEY", serverKey.getPrivate().getEncoded(), "rw-------");
      write(authority(), "CERTIFICATE", ca.getEncoded(), "rw-r--r--");
      write(certificate(), "CERTIFICATE", server.getEncoded(), "rw-r--r--");
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the demo's certificate could not be made", e);
    }
  }

  private KeyPair keyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  /// With all that a strict reader wants, as Python's default context is one: key identifiers too.
  private X509CertificateHolder sign(
      X500Name issuer, X500Name subject, KeyPair key, KeyPair issuerKey, boolean authority)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    Instant begin = clock.instant().minus(Duration.ofHours(1));
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, random),
            Date.from(begin),
            Date.from(begin.plus(LIFE)),
            subject,
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    int usage = authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature;
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    var identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(key.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(issuerKey.getPublic()));
    if (!authority) {
      var names =
          new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1")
          };
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    }
    return builder.build(
        new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate()));
  }

  private static void write(Path file, String label, byte[] der, String mode) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
  }
}
