package org.openlockbox.node.setup;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
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
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
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

/// Makes X.509 certificates for TLS, ECDSA P-256: an authority of one's own, and what it signs.
/// They carry all that a strict reader wants, as Python's default context is one: key identifiers
/// too.
public final class CertificateMaker {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final InstantSource clock;
  private final SecureRandom random;

  public CertificateMaker(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /// A key and its certificate.
  public record IssuedCertificate(KeyPair key, X509CertificateHolder certificate) {
    /// As a file for anybody.
    public String certificatePem() throws IOException {
      return pem("CERTIFICATE", certificate.getEncoded());
    }

    /// As a file for its owner alone.
    public String keyPem() {
      return pem("PRIVATE KEY", key.getPrivate().getEncoded());
    }

    private static String pem(String label, byte[] der) {
      String body =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
      return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, body, label);
    }

    /// Without the key.
    @Override
    public String toString() {
      return "IssuedCertificate[" + certificate.getSubject() + "]";
    }
  }

  /// What a certificate is for.
  public enum CertificateUse {
    SERVER,
    CLIENT;

    private KeyPurposeId id() {
      return switch (this) {
        case SERVER -> KeyPurposeId.id_kp_serverAuth;
        case CLIENT -> KeyPurposeId.id_kp_clientAuth;
      };
    }
  }

  /// An authority that signs itself.
  public IssuedCertificate authority(String name, Duration life) throws IOException {
    try {
      var key = keyPair();
      var subject = name(name);
      var builder = builder(subject, subject, key, life);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new IssuedCertificate(key, signed(builder, key, key));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the authority's certificate could not be made", e);
    }
  }

  /// A certificate that this authority signs, for these host names and addresses.
  public IssuedCertificate certificate(
      IssuedCertificate authority,
      String name,
      List<String> hosts,
      CertificateUse purpose,
      Duration life)
      throws IOException {
    try {
      var key = keyPair();
      var issuer = authority.certificate().getSubject();
      var builder = builder(issuer, name(name), key, life);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.id()));
      if (!hosts.isEmpty()) {
        var names = hosts.stream().map(CertificateMaker::alternative).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      return new IssuedCertificate(key, signed(builder, key, authority.key()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the certificate could not be made", e);
    }
  }

  private static GeneralName alternative(String host) {
    int kind = IPV4.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(kind, host);
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair key, Duration life) {
    Instant begin = clock.instant().minus(Duration.ofHours(1));
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, random),
        Date.from(begin),
        Date.from(begin.plus(life)),
        subject,
        key.getPublic());
  }

  private static X509CertificateHolder signed(
      JcaX509v3CertificateBuilder builder, KeyPair key, KeyPair issuer)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(key.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(issuer.getPublic()));
    return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate()));
  }

  private KeyPair keyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }
}
