package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Raw sockets against the door; the names follow the cases of the security catalogue.
class AttackTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final Knock DOOR = new Knock(FIXTURE.gateway.port());

  @AfterAll
  static void stop() {
    FIXTURE.close();
  }

  @Test
  void bytesBehindTheSslRequestAreNeverParsed() throws IOException {
    try (Socket raw = DOOR.open()) {
      byte[] both = Arrays.copyOf(Knock.packet(Knock.TLS), 8 + Knock.login().length);
      System.arraycopy(Knock.login(), 0, both, 8, Knock.login().length);
      raw.getOutputStream().write(both);
      assertThat(Knock.rest(raw.getInputStream())).doesNotContain("SCRAM");
    }
  }

  @Test
  void bytesBehindTheGssRequestCloseTheConnection() throws IOException {
    try (Socket raw = DOOR.open()) {
      byte[] both = Arrays.copyOf(Knock.packet(Knock.GSS), 20);
      raw.getOutputStream().write(both);
      assertThat(Knock.rest(raw.getInputStream())).doesNotContain("N");
    }
  }

  /// Each is asked for in the clear; the last is one too many, and gets no agreement.
  @ParameterizedTest
  @ValueSource(strings = {"GSS GSS", "GSS TLS GSS", "GSS TLS TLS", "TLS GSS", "TLS TLS"})
  void encryptionRequestsDoNotAlternateForEver(String asked) throws IOException {
    String[] requests = asked.split(" ", -1);
    try (Socket raw = DOOR.open()) {
      for (int i = 0; i < requests.length - 1; i++) {
        raw.getOutputStream().write(encryption(requests[i]));
        assertThat(raw.getInputStream().read()).isEqualTo(requests[i].equals("TLS") ? 'S' : 'N');
      }
      raw.getOutputStream().write(encryption(requests[requests.length - 1]));
      assertThat(Knock.rest(raw.getInputStream())).doesNotStartWith("S").doesNotStartWith("N");
    }
  }

  private static byte[] encryption(String kind) {
    return Knock.packet(kind.equals("TLS") ? Knock.TLS : Knock.GSS);
  }

  @Test
  void plaintextLoginIsRefusedWithoutAskingForAPassword() throws IOException {
    try (Socket raw = DOOR.open()) {
      raw.getOutputStream().write(Knock.login());
      assertThat(Knock.rest(raw.getInputStream())).contains("28000", "TLS").doesNotContain("SCRAM");
    }
  }

  @Test
  void plaintextAfterTheAgreementToTlsIsClosed() throws IOException {
    try (Socket raw = DOOR.open()) {
      raw.getOutputStream().write(Knock.packet(Knock.TLS));
      assertThat(raw.getInputStream().read()).isEqualTo('S');
      raw.getOutputStream().write(Knock.login());
      assertThat(Knock.rest(raw.getInputStream())).doesNotContain("SCRAM");
    }
  }

  @Test
  void directTlsNeedsThePostgresqlAlpn() throws Exception {
    try (SSLSocket tls = DOOR.encrypted(DOOR.open(), "postgresql")) {
      tls.getOutputStream().write(Knock.login());
      assertThat((char) tls.getInputStream().read()).isEqualTo('R');
    }
    try (SSLSocket tls = DOOR.encrypted(DOOR.open())) {
      tls.getOutputStream().write(Knock.login());
      assertThat(Knock.rest(tls.getInputStream())).isEmpty();
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 7, 10_001, Integer.MAX_VALUE, -1})
  void startupLengthsThatLieCloseTheConnection(int length) throws Exception {
    byte[] bytes = ByteBuffer.allocate(12).putInt(length).putInt(3 << 16).putInt(0).array();
    assertThat(DOOR.refusedInTls(bytes)).doesNotContain("SCRAM");
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
    assertThat(DOOR.refusedInTls(Knock.login(name, "x"))).contains("28000", name, "Remove it");
  }

  @Test
  void otherClientEncodingsAreRefused() throws Exception {
    assertThat(DOOR.refusedInTls(Knock.login("client_encoding", "SJIS"))).contains("UTF8");
  }

  @Test
  void aLoginWithoutDatabaseIsRefused() throws Exception {
    assertThat(DOOR.refusedInTls(Knock.packet(3 << 16, "user", "nobody")))
        .contains("names no database");
  }

  @Test
  void encryptionRequestsInsideTlsAreAViolation() throws Exception {
    assertThat(DOOR.refusedInTls(Knock.packet(Knock.TLS))).contains("08P01");
  }

  @Test
  void newerProtocolsAreNegotiatedDown() throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      tls.getOutputStream()
          .write(
              Knock.packet((3 << 16) | 2, "user", "nobody", "database", "postgres", "_pq_.x", "1"));
      var in = new DataInputStream(tls.getInputStream());
      assertThat((char) in.readByte()).isEqualTo('v');
      in.readInt();
      assertThat(in.readInt()).isEqualTo((3 << 16) | 2);
      assertThat(in.readInt()).isEqualTo(1);
    }
    assertThat(DOOR.refusedInTls(Knock.packet(2 << 16, "x"))).contains("0A000");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -2, 1_000_000, Integer.MAX_VALUE})
  void saslLengthsThatLieAreAViolation(int declared) throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(Knock.sasl(declared, "n,,n=,r=abc"));
      assertThat(Knock.rest(in)).contains("08P01");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"y,,n=,r=abc", "p=tls-unique,,n=,r=abc", "n,,n=", "n,a=x,n=,r=abc", ""})
  void scramOpeningsThatGiveUpBindingOrLackPartsFail(String first) throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(Knock.sasl(first.length(), first));
      assertThat(Knock.rest(in)).contains("08P01");
    }
  }

  @Test
  void anUnknownUserGetsTheSameExchangeAndTheSameErrorAsAWrongPassword() throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(Knock.sasl("n,,n=,r=abc".length(), "n,,n=,r=abc"));
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
      assertThat(Knock.rest(in)).contains("28P01", "password authentication failed");
    }
  }

  @Test
  void aQueryBeforeLoginIsAViolation() throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(new byte[] {'Q', 0, 0, 0, 6, '1', 0});
      assertThat(Knock.rest(in)).contains("08P01");
    }
  }

  @Test
  void randomBytesAtTheDoorHurtNobody() throws Exception {
    var random = new SecureRandom(new byte[] {42});
    for (int i = 0; i < 60; i++) {
      byte[] noise = new byte[random.nextInt(4, 200)];
      random.nextBytes(noise);
      try (Socket raw = DOOR.open()) {
        raw.getOutputStream().write(noise);
        raw.shutdownOutput();
        assertThat(Knock.rest(raw.getInputStream())).doesNotContain("SCRAM");
      }
    }
    try (SSLSocket tls = DOOR.insideTls()) {
      assertThat(DOOR.offered(tls)).isNotNull();
    }
  }
}
