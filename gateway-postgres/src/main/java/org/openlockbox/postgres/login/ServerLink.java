package org.openlockbox.postgres.login;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.scram.ChannelBinding;
import org.openlockbox.net.SocketConnection;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.Slice;
import org.openlockbox.postgres.wire.StartupMessage;
import org.openlockbox.postgres.wire.StartupReader;
import org.openlockbox.postgres.wire.WireViolation;

/// A logged-in connection to the protected database.
///
/// Logs in by SCRAM-SHA-256 only, with channel binding where the database offers it, and only if
/// the database proves in turn that it knows the password's verifier. Whoever needs one goes
/// through `Upstream` in the session package, which asks for a `Permit`.
public final class ServerLink implements Closeable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int LOGIN_MILLIS = 10_000;
  private static final int MAX_LOGIN_MESSAGE = 16 * 1024;
  private static final int MAX_LOGIN_MESSAGES = 200;

  private final Socket raw;
  private final SocketConnection line;
  private final InputStream in;
  private final OutputStream out;
  private final ChannelBinding binding;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private CancelKey key = new CancelKey(0, Bytes.of(new byte[4]));

  private ServerLink(Socket raw, SocketConnection line, ChannelBinding binding) {
    this.raw = raw;
    this.line = line;
    this.in = line.in();
    this.out = line.out();
    this.binding = binding;
  }

  /// Connects and logs in.
  ///
  /// @throws DatabaseRefused when the database answers with an error
  public static ServerLink open(DatabaseEndpoint address, ServerLogin login, SecureRandom random)
      throws IOException {
    ServerLink link = connect(address);
    try {
      link.raw.setSoTimeout(LOGIN_MILLIS);
      link.out.write(startup(login));
      link.out.flush();
      link.logIn(login, random);
      link.raw.setSoTimeout(0);
      return link;
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
  }

  /// Asks the database to stop what runs under this key.
  public static void cancel(DatabaseEndpoint address, CancelKey key) throws IOException {
    try (ServerLink link = connect(address)) {
      link.out.write(
          ByteBuffer.allocate(12 + key.secret().size())
              .putInt(12 + key.secret().size())
              .putInt((1234 << 16) | 5678)
              .put(key.bytes())
              .array());
      link.out.flush();
      link.raw.setSoTimeout(CONNECT_MILLIS);
      if (link.in.read() >= 0) {
        throw new WireViolation("the database answered a cancel request");
      }
    }
  }

  private static ServerLink connect(DatabaseEndpoint address) throws IOException {
    Socket raw = SocketChannel.open().socket();
    try {
      raw.setTcpNoDelay(true);
      raw.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
      raw.setSoTimeout(CONNECT_MILLIS);
      SocketConnection line = new SocketConnection(raw);
      return new ServerLink(
          raw, line, address.tls().isEmpty() ? ChannelBinding.NONE : encrypt(raw, line, address));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static ChannelBinding encrypt(Socket raw, SocketConnection line, DatabaseEndpoint address)
      throws IOException {
    byte[] request = ByteBuffer.allocate(8).putInt(8).putInt((1234 << 16) | 5679).array();
    raw.getOutputStream().write(request);
    int answer = raw.getInputStream().read();
    if (answer != 'S' || raw.getInputStream().available() > 0) {
      throw new WireViolation("the database does not agree to TLS in one byte");
    }
    SSLEngine engine = address.tls().orElseThrow().createSSLEngine(address.host(), address.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (address.verify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    SSLSession agreed = line.encrypt(engine, new byte[0]);
    return ChannelBinding.of((X509Certificate) agreed.getPeerCertificates()[0]);
  }

  private static byte[] startup(ServerLogin login) {
    var body = new ByteArrayOutputStream();
    ServerMessages.text(body, "user");
    ServerMessages.text(body, login.role());
    ServerMessages.text(body, "database");
    ServerMessages.text(body, login.database());
    login
        .settings()
        .forEach(
            (name, value) -> {
              ServerMessages.text(body, name);
              ServerMessages.text(body, value);
            });
    body.write(0);
    return ByteBuffer.allocate(8 + body.size())
        .putInt(8 + body.size())
        .putInt(StartupMessage.VERSION_3_0)
        .put(body.toByteArray())
        .array();
  }

  private void logIn(ServerLogin login, SecureRandom random) throws IOException {
    LoginExchange exchange = new LoginExchange(login.secret(), binding, random);
    for (int i = 0; i < MAX_LOGIN_MESSAGES; i++) {
      byte[] head = StartupReader.readFully(in, 5);
      int length = new Slice(head, 1, 5).int32();
      if (length < 4 || length > MAX_LOGIN_MESSAGE) {
        throw new WireViolation("the database sent a login message of " + length + " bytes");
      }
      byte[] bytes = StartupReader.readFully(in, length - 4);
      Slice body = new Slice(bytes, 0, bytes.length);
      switch (head[0]) {
        case 'R' -> {
          byte[] answer = exchange.answer(body);
          if (answer.length > 0) {
            out.write(answer);
            out.flush();
          }
        }
        case 'S' -> parameters.put(body.text(), body.text());
        case 'K' -> key = CancelKey.rest(body);
        case 'E' -> throw new DatabaseRefused(ErrorFields.parse(bytes));
        case 'N' -> {}
        case 'Z' -> {
          exchange.mustBeDone();
          return;
        }
        default -> throw new WireViolation("the database sent an unexpected login message");
      }
    }
    throw new EOFException("the database never became ready");
  }

  /// What a session relays over from now on.
  public SocketConnection line() {
    return line;
  }

  /// The settings that the database reported at login, in its order.
  public Map<String, String> parameters() {
    return new LinkedHashMap<>(parameters);
  }

  public CancelKey key() {
    return key;
  }

  @Override
  public void close() {
    line.close();
  }
}
