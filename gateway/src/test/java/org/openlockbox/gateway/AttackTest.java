package org.openlockbox.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Raw sockets against the door; the names follow the cases of the security catalogue.
class AttackTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final int TLS = (1234 << 16) | 5679;
  private static final int GSS = (1234 << 16) | 5680;

  @AfterAll
  static void stop() {
    FIXTURE.close();
  }

  private static Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), FIXTURE.gateway.port());
    socket.setSoTimeout(12_000);
    return socket;
  }

  private static byte[] packet(int code, String... texts) {
    byte[] body = (texts.length == 0 ? "" : String.join("\0", texts) + "\0\0").getBytes(UTF_8);
    return ByteBuffer.allocate(8 + body.length)
        .putInt(8 + body.length)
        .putInt(code)
        .put(body)
        .array();
  }

  private static byte[] login(String... more) {
    var texts = new ArrayList<>(Arrays.asList("user", "nobody", "database", "postgres"));
    texts.addAll(Arrays.asList(more));
    return packet(3 << 16, texts.toArray(String[]::new));
  }

  private static SSLSocket encrypted(Socket raw, String... alpn) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    var tls = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", 1, true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private static SSLSocket insideTls() throws Exception {
    Socket raw = open();
    raw.getOutputStream().write(packet(TLS));
    assertThat(raw.getInputStream().read()).isEqualTo('S');
    return encrypted(raw);
  }

  /// All that comes until the gateway closes; a reset counts as closed.
  private static String rest(InputStream in) {
    try {
      return new String(in.readAllBytes(), UTF_8);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the gateway keeps the connection open", e);
    } catch (IOException e) {
      return "";
    }
  }

  private static String refusedInTls(byte[] bytes) throws Exception {
    try (SSLSocket tls = insideTls()) {
      tls.getOutputStream().write(bytes);
      return rest(tls.getInputStream());
    }
  }

  @Test
  void bytesBehindTheSslRequestAreNeverParsed() throws IOException {
    try (Socket raw = open()) {
      byte[] both = Arrays.copyOf(packet(TLS), 8 + login().length);
      System.arraycopy(login(), 0, both, 8, login().length);
      raw.getOutputStream().write(both);
      assertThat(rest(raw.getInputStream())).doesNotContain("SCRAM");
    }
  }

  @Test
  void bytesBehindTheGssRequestCloseTheConnection() throws IOException {
    try (Socket raw = open()) {
      byte[] both = Arrays.copyOf(packet(GSS), 20);
      raw.getOutputStream().write(both);
      assertThat(rest(raw.getInputStream())).doesNotContain("N");
    }
  }

  @Test
  void encryptionRequestsDoNotAlternateForEver() throws IOException {
    try (Socket raw = open()) {
      raw.getOutputStream().write(packet(GSS));
      assertThat(raw.getInputStream().read()).isEqualTo('N');
      raw.getOutputStream().write(packet(GSS));
      assertThat(rest(raw.getInputStream())).isEmpty();
    }
  }

  @Test
  void plaintextLoginIsRefusedWithoutAskingForAPassword() throws IOException {
    try (Socket raw = open()) {
      raw.getOutputStream().write(login());
      assertThat(rest(raw.getInputStream())).contains("28000", "TLS").doesNotContain("SCRAM");
    }
  }

  @Test
  void plaintextAfterTheAgreementToTlsIsClosed() throws IOException {
    try (Socket raw = open()) {
      raw.getOutputStream().write(packet(TLS));
      assertThat(raw.getInputStream().read()).isEqualTo('S');
      raw.getOutputStream().write(login());
      assertThat(rest(raw.getInputStream())).doesNotContain("SCRAM");
    }
  }

  @Test
  void directTlsNeedsThePostgresqlAlpn() throws Exception {
    try (SSLSocket tls = encrypted(open(), "postgresql")) {
      tls.getOutputStream().write(login());
      assertThat((char) tls.getInputStream().read()).isEqualTo('R');
    }
    try (SSLSocket tls = encrypted(open())) {
      tls.getOutputStream().write(login());
      assertThat(rest(tls.getInputStream())).isEmpty();
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 7, 10_001, Integer.MAX_VALUE, -1})
  void startupLengthsThatLieCloseTheConnection(int length) throws Exception {
    byte[] bytes = ByteBuffer.allocate(12).putInt(length).putInt(3 << 16).putInt(0).array();
    assertThat(refusedInTls(bytes)).doesNotContain("SCRAM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "role",
        "session_authorization",
        "options",
        "search_path",
        "replication",
        "default_transaction_read_only"
      })
  void startupParametersThatTheServerActsOnAreRefused(String name) throws Exception {
    assertThat(refusedInTls(login(name, "x"))).contains("28000", name, "Remove it");
  }

  @Test
  void otherClientEncodingsAreRefused() throws Exception {
    assertThat(refusedInTls(login("client_encoding", "SJIS"))).contains("UTF8");
  }

  @Test
  void aLoginWithoutDatabaseIsRefused() throws Exception {
    assertThat(refusedInTls(packet(3 << 16, "user", "nobody"))).contains("names no database");
  }

  @Test
  void encryptionRequestsInsideTlsAreAViolation() throws Exception {
    assertThat(refusedInTls(packet(TLS))).contains("08P01");
  }

  @Test
  void newerProtocolsAreNegotiatedDown() throws Exception {
    try (SSLSocket tls = insideTls()) {
      tls.getOutputStream()
          .write(packet((3 << 16) | 2, "user", "nobody", "database", "postgres", "_pq_.x", "1"));
      var in = new DataInputStream(tls.getInputStream());
      assertThat((char) in.readByte()).isEqualTo('v');
      in.readInt();
      assertThat(in.readInt()).isEqualTo(3 << 16);
      assertThat(in.readInt()).isEqualTo(1);
    }
    assertThat(refusedInTls(packet(2 << 16, "x"))).contains("0A000");
  }

  private static DataInputStream offered(SSLSocket tls) throws IOException {
    tls.getOutputStream().write(login());
    var in = new DataInputStream(tls.getInputStream());
    assertThat((char) in.readByte()).isEqualTo('R');
    in.readFully(new byte[in.readInt() - 4]);
    return in;
  }

  private static byte[] sasl(int declared, String data) {
    byte[] text = data.getBytes(UTF_8);
    byte[] mechanism = "SCRAM-SHA-256\0".getBytes(UTF_8);
    int length = 4 + mechanism.length + 4 + text.length;
    return ByteBuffer.allocate(1 + length)
        .put((byte) 'p')
        .putInt(length)
        .put(mechanism)
        .putInt(declared)
        .put(text)
        .array();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -2, 1_000_000, Integer.MAX_VALUE})
  void saslLengthsThatLieAreAViolation(int declared) throws Exception {
    try (SSLSocket tls = insideTls()) {
      var in = offered(tls);
      tls.getOutputStream().write(sasl(declared, "n,,n=,r=abc"));
      assertThat(rest(in)).contains("08P01");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y,,n=,r=abc", "p=tls-unique,,n=,r=abc", "n,,n=", "n,a=x,n=,r=abc", ""})
  void scramOpeningsThatDowngradeOrLackPartsFail(String first) throws Exception {
    try (SSLSocket tls = insideTls()) {
      var in = offered(tls);
      tls.getOutputStream().write(sasl(first.length(), first));
      assertThat(rest(in)).contains("08P01");
    }
  }

  @Test
  void anUnknownUserGetsTheSameExchangeAndTheSameErrorAsAWrongPassword() throws Exception {
    try (SSLSocket tls = insideTls()) {
      var in = offered(tls);
      tls.getOutputStream().write(sasl("n,,n=,r=abc".length(), "n,,n=,r=abc"));
      assertThat((char) in.readByte()).isEqualTo('R');
      byte[] challenge = new byte[in.readInt() - 4];
      in.readFully(challenge);
      String nonce = new String(challenge, 4, challenge.length - 4, UTF_8).split(",", 2)[0];
      String last = "c=biws," + nonce + ",p=" + Base64.getEncoder().encodeToString(new byte[32]);
      tls.getOutputStream()
          .write(
              ByteBuffer.allocate(5 + last.length())
                  .put((byte) 'p')
                  .putInt(4 + last.length())
                  .put(last.getBytes(UTF_8))
                  .array());
      assertThat(rest(in)).contains("28P01", "password authentication failed");
    }
  }

  @Test
  void aQueryBeforeLoginIsAViolation() throws Exception {
    try (SSLSocket tls = insideTls()) {
      var in = offered(tls);
      tls.getOutputStream().write(new byte[] {'Q', 0, 0, 0, 6, '1', 0});
      assertThat(rest(in)).contains("08P01");
    }
  }

  @Test
  void randomBytesAtTheDoorHurtNobody() throws Exception {
    var random = new SecureRandom(new byte[] {42});
    for (int i = 0; i < 60; i++) {
      byte[] noise = new byte[random.nextInt(4, 200)];
      random.nextBytes(noise);
      try (Socket raw = open()) {
        raw.getOutputStream().write(noise);
        raw.shutdownOutput();
        assertThat(rest(raw.getInputStream())).doesNotContain("SCRAM");
      }
    }
    try (SSLSocket tls = insideTls()) {
      assertThat(offered(tls)).isNotNull();
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
