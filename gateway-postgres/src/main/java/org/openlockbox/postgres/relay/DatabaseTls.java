package org.openlockbox.postgres.relay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.net.TlsIdentity;
import org.openlockbox.postgres.catalogue.DatabaseAddress;
import org.openlockbox.postgres.catalogue.DatabaseAddress.TlsMode;
import org.openlockbox.tlog.tree.Hash;

/// How the gateway speaks TLS to each protected database. Its files are read for each login, so a
/// renewed certificate is in force at the next one; what is made of them is kept while they stay
/// the same.
final class DatabaseTls {
  private final ConcurrentMap<DatabaseAddress, KeptContext> kept = new ConcurrentHashMap<>();

  /// @param files of what it was made
  private record KeptContext(Hash files, SSLContext context) {}

  /// What the catalogue names for one database, as it stands on the disk now.
  private record ReadTlsFiles(
      Optional<byte[]> authority, Optional<String> certificate, Optional<String> key) {
    static ReadTlsFiles read(DatabaseAddress address) throws IOException {
      var shown = address.shown();
      return new ReadTlsFiles(
          address.authority().isPresent()
              ? Optional.of(Files.readAllBytes(address.authority().get()))
              : Optional.empty(),
          shown.isPresent()
              ? Optional.of(Files.readString(shown.get().certificate()))
              : Optional.empty(),
          shown.isPresent() ? Optional.of(Files.readString(shown.get().key())) : Optional.empty());
    }

    /// A hash of the hashes of all parts, so that no other files have the same.
    Hash hash() {
      return Bytes.ofUtf8(
              "%s %s %s"
                  .formatted(
                      authority.map(bytes -> Bytes.of(bytes).sha256()),
                      certificate.map(text -> Bytes.ofUtf8(text).sha256()),
                      key.map(text -> Bytes.ofUtf8(text).sha256())))
          .sha256();
    }

    /// Without the key.
    @Override
    public String toString() {
      return "ReadTlsFiles " + hash();
    }
  }

  SSLContext context(DatabaseAddress address) throws IOException {
    var files = ReadTlsFiles.read(address);
    Hash now = files.hash();
    @Nullable KeptContext before = kept.get(address);
    if (before != null && before.files.equals(now)) {
      return before.context;
    }
    SSLContext made = made(address, files);
    kept.put(address, new KeptContext(now, made));
    return made;
  }

  private static SSLContext made(DatabaseAddress address, ReadTlsFiles files) throws IOException {
    try {
      TrustManager[] trust =
          address.tls() == TlsMode.VERIFY_FULL
              ? trusting(files.authority)
              : new TrustManager[] {new InsecureTrust()};
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown(files), trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the database's certificate authority cannot be used", e);
    }
  }

  /// @param authority the JDK's own where there is none
  private static TrustManager[] trusting(Optional<byte[]> authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = null;
    if (authority.isPresent()) {
      store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int index = 0;
      for (Certificate each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(authority.get()))) {
        store.setCertificateEntry("authority-" + index++, each);
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return trust.getTrustManagers();
  }

  /// The certificate by which the database knows the gateway, where the catalogue names one.
  private static KeyManager @Nullable [] shown(ReadTlsFiles files) throws IOException {
    return files.certificate.isEmpty() || files.key.isEmpty()
        ? null
        : TlsIdentity.parse(files.certificate.get(), files.key.get()).keyManagers();
  }

  /// For `tls: require`, which encrypts and trusts whoever answers; the name says so in the
  /// catalogue.
  private static final class InsecureTrust implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
