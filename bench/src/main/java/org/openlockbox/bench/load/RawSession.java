package org.openlockbox.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.openlockbox.bench.peer.DemoGrant;
import org.openlockbox.core.scram.ScramPassword;
import org.openlockbox.postgres.login.DatabaseEndpoint;
import org.openlockbox.postgres.login.ServerLink;
import org.openlockbox.postgres.login.ServerLogin;

/// A session through a gateway that says what no driver says, such as many thousand messages at
/// once. Used by one thread.
public final class RawSession implements AutoCloseable {
  private static final int READY = 'Z';
  private static final int HEAD = 5;

  private final ServerLink link;
  private byte[] read = new byte[64 * 1024];

  /// Logged in with the environment that `lockbox connect` prints.
  public RawSession(Map<String, String> environment) throws IOException {
    this.link =
        ServerLink.open(
            new DatabaseEndpoint(
                environment.getOrDefault("PGHOST", ""),
                Integer.parseInt(environment.getOrDefault("PGPORT", "")),
                trusting(Path.of(environment.getOrDefault("PGSSLROOTCERT", ""))),
                true),
            new ServerLogin(
                environment.getOrDefault("PGUSER", ""),
                new ScramPassword(DemoGrant.password(environment)),
                environment.getOrDefault("PGDATABASE", ""),
                Map.of()),
            new SecureRandom());
  }

  private static SSLContext trusting(Path roots) throws IOException {
    try (var file = Files.newInputStream(roots)) {
      var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (var root : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry("root-" + number++, root);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /// Sends all of it and reads until the database is ready so many times.
  public void send(byte[] messages, int ready) throws IOException {
    link.line().write(messages, 0, messages.length);
    int left = ready;
    var head = ByteBuffer.allocate(HEAD);
    while (left > 0) {
      fill(head.array(), HEAD);
      int body = head.getInt(1) - 4;
      if (body > read.length) {
        read = new byte[body];
      }
      fill(read, body);
      left -= head.get(0) == READY ? 1 : 0;
    }
  }

  private void fill(byte[] into, int count) throws IOException {
    int have = 0;
    while (have < count) {
      int more = link.line().read(into, have, count - have);
      if (more < 0) {
        throw new EOFException("the gateway has ended the session");
      }
      have += more;
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
