package org.openlockbox.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.openlockbox.core.scram.ChannelBinding;
import org.openlockbox.core.scram.MalformedScram;
import org.openlockbox.core.scram.ScramClient;
import org.openlockbox.core.scram.ScramPassword;

/// A connection to the gateway over TLS, verified in full: by the authority that came with the
/// login, or by the JDK's where the gateway's certificate is publicly known, and by its name.
final class GatewayConnection implements Closeable {
  private static final int CONNECT_MILLIS = 30_000;
  private static final String POSTGRESQL = "postgresql";

  private final GatewayLogin login;
  private final SSLSocket socket;
  private final DataInputStream in;

  private GatewayConnection(GatewayLogin login, SSLSocket socket) throws IOException {
    this.login = login;
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static GatewayConnection open(GatewayLogin login) throws IOException {
    return new GatewayConnection(
        login, dial(login.host(), login.port(), login.caPem(), POSTGRESQL));
  }

  /// A socket of that port whose other side has proved its name, and agreed to this protocol.
  static SSLSocket dial(String host, int port, String caPem, String protocol) throws IOException {
    Socket raw = new Socket();
    try {
      raw.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      raw.setSoTimeout(CONNECT_MILLIS);
      raw.setTcpNoDelay(true);
      var tls = (SSLSocket) context(caPem).getSocketFactory().createSocket(raw, host, port, true);
      encrypt(tls, protocol);
      return tls;
    } catch (IOException | RuntimeException failed) {
      raw.close();
      throw failed;
    }
  }

  private static void encrypt(SSLSocket tls, String protocol) throws IOException {
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {protocol});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
  }

  /// Whom a gateway is known by.
  static SSLContext context(String caPem) throws IOException {
    try {
      if (caPem.isEmpty()) {
        return SSLContext.getDefault();
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var pem = new ByteArrayInputStream(caPem.getBytes(UTF_8));
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + store.size(), each);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException unusable) {
      throw new IOException("the gateway's authority cannot be used", unusable);
    }
  }

  /// Logs in under the login's own name, with what else the client said in its start-up packet.
  /// What the gateway says meanwhile, and an error above all, is the client's to read.
  ///
  /// @return whether the gateway let us in
  boolean logIn(StartupMessages client, OutputStream toClient, SecureRandom random)
      throws IOException {
    var binding = ChannelBinding.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
    if (!binding.available()) {
      throw new IOException("the gateway's certificate cannot be bound to a login");
    }
    var scram = new ScramClient(new ScramPassword(login.password()), binding, true, random);
    boolean proven = false;
    send(client.as(login.user(), login.database()));
    while (true) {
      char type = (char) in.readByte();
      byte[] body = PostgresFrames.body(in);
      if (type != 'R') {
        toClient.write(PostgresFrames.message(type, body));
        if (type == 'E') {
          return false;
        }
        continue;
      }
      switch (ByteBuffer.wrap(body).getInt()) {
        case 10 -> send(PostgresFrames.saslFirst(scram.mechanism(), scram.first()));
        case 11 -> send(PostgresFrames.message('p', last(scram, words(body)).getBytes(UTF_8)));
        case 12 -> {
          if (!scram.isProvenBy(words(body))) {
            throw new IOException("the gateway did not prove that it knows the login");
          }
          proven = true;
        }
        case 0 -> {
          if (!proven) {
            throw new IOException("the gateway let us in without proving itself");
          }
          toClient.write(PostgresFrames.message(type, body));
          socket.setSoTimeout(0);
          return true;
        }
        default -> throw new IOException("the gateway asks for another login");
      }
    }
  }

  private static String last(ScramClient scram, String challenge) throws IOException {
    try {
      return scram.last(challenge);
    } catch (MalformedScram e) {
      throw new IOException("the gateway's login: " + e.what(), e);
    }
  }

  private static String words(byte[] body) {
    return new String(body, 4, body.length - 4, UTF_8);
  }

  void send(byte[] bytes) throws IOException {
    out().write(bytes);
    out().flush();
  }

  InputStream in() {
    return in;
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
