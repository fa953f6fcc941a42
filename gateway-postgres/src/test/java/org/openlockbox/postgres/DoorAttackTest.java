package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.postgresql.PGConnection;

/// More of what strangers say at the door: see [AttackTest]. Nothing of it reaches a database.
class DoorAttackTest {
  private static final String SLEEPING = "select 'slept' from pg_sleep(4)";
  private static final String ASLEEP =
      "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and usename like 'lb\\_s\\_%'";

  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final Knock DOOR = new Knock(FIXTURE.gateway.port());
  private static final int VERSION_3 = 3 << 16;

  @AfterAll
  static void nothingWasDialled() {
    FIXTURE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private static byte[] startup(byte[] body) {
    return ByteBuffer.allocate(8 + body.length)
        .putInt(8 + body.length)
        .putInt(VERSION_3)
        .put(body)
        .array();
  }

  @Test
  void encryptionRequestsInsideDirectTlsAreAViolation() throws Exception {
    for (int code : new int[] {Knock.TLS, Knock.GSS}) {
      try (SSLSocket tls = DOOR.encrypted(DOOR.open(), "postgresql")) {
        tls.getOutputStream().write(Knock.packet(code));
        assertThat(Knock.rest(tls.getInputStream())).contains("08P01");
      }
    }
  }

  @Test
  void directTlsForAnotherProtocolIsRefused() {
    assertThatThrownBy(
            () -> {
              try (SSLSocket tls = DOOR.encrypted(DOOR.open(), "http/1.1")) {
                tls.getInputStream().read();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no_application_protocol");
  }

  /// A ClientHello that knows TLS 1.1 at most is answered with the alert `protocol_version`.
  @ParameterizedTest
  @ValueSource(bytes = {0, 1, 2})
  void protocolsOlderThanTls12AreRefused(byte minor) throws IOException {
    try (Socket raw = DOOR.open()) {
      raw.getOutputStream().write(Knock.packet(Knock.TLS));
      assertThat(raw.getInputStream().read()).isEqualTo('S');
      raw.getOutputStream().write(clientHello(minor));
      byte[] answer = raw.getInputStream().readNBytes(7);
      assertThat(answer[0]).isEqualTo((byte) 21);
      assertThat(answer[6]).isIn((byte) 70, (byte) 40);
    }
  }

  private static byte[] clientHello(byte minor) {
    byte[] suites = {0, 4, (byte) 0xc0, 0x13, 0, 0x2f};
    var body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {3, minor});
    body.writeBytes(new byte[33]); // random, and no session id
    body.writeBytes(suites);
    body.writeBytes(new byte[] {1, 0});
    return ByteBuffer.allocate(9 + body.size())
        .put(new byte[] {22, 3, minor})
        .putShort((short) (4 + body.size()))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) body.size())
        .put(body.toByteArray())
        .array();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user\0nobody\0database\0x\0",
        "user\0nobody\0database\0x\0\0more",
        "user\0nobody\0database",
        "user\0nobody\0\0database\0x\0\0"
      })
  void startUpPacketsThatDoNotEndWhereTheyShouldAreRefused(String body) throws Exception {
    assertThat(DOOR.refusedInTls(startup(body.getBytes(UTF_8)))).doesNotContain("SCRAM");
  }

  @Test
  void fiveThousandStartUpParametersAreRefused() throws Exception {
    String many = "k\0v\0".repeat(2_000);
    byte[] packet = startup(("user\0nobody\0database\0x\0" + many + "\0").getBytes(UTF_8));
    assertThat(DOOR.refusedInTls(packet)).contains("08P01");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 2", "9999, 2", "65535, 2"})
  void everyMinorVersionIsAnsweredByAVersionThatIsSpoken(int minor, int spoken) throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      tls.getOutputStream()
          .write(Knock.packet(VERSION_3 | minor, "user", "nobody", "database", "postgres"));
      var in = new DataInputStream(tls.getInputStream());
      assertThat((char) in.readByte()).isEqualTo('v');
      in.readInt();
      assertThat(in.readInt()).isEqualTo(VERSION_3 | spoken);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aVersionThatIsSpokenIsNotNegotiated(int minor) throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      tls.getOutputStream()
          .write(Knock.packet(VERSION_3 | minor, "user", "nobody", "database", "postgres"));
      assertThat((char) tls.getInputStream().read()).isEqualTo('R');
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1 << 16, 4 << 16, Integer.MIN_VALUE})
  void otherMajorVersionsAreRefused(int version) throws Exception {
    assertThat(DOOR.refusedInTls(Knock.packet(version, "user", "nobody"))).contains("0A000");
  }

  @Test
  void aProxyHeaderIsNoStartUp() throws IOException {
    try (Socket raw = DOOR.open()) {
      raw.getOutputStream().write("PROXY TCP4 10.0.0.1 10.0.0.2 5432 5432\r\n".getBytes(UTF_8));
      assertThat(Knock.rest(raw.getInputStream())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 12, 15, 17, 269})
  void cancelRequestsOfAnotherLengthAreClosed(int length) throws IOException {
    try (Socket raw = DOOR.open()) {
      byte[] packet = new byte[length];
      ByteBuffer.wrap(packet).putInt(length).putInt((1234 << 16) | 5678);
      raw.getOutputStream().write(packet);
      assertThat(Knock.rest(raw.getInputStream())).isEmpty();
    }
  }

  @Test
  void aCancelForAnotherSessionsGuessedKeyStopsNothing() throws Exception {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.submit(() -> GatewayFixture.answer(connection, SLEEPING));
      GatewayFixture.await(() -> GatewayFixture.DATABASE.count(ASLEEP) == 1);
      for (int i = 0; i < 50; i++) {
        try (Socket raw = DOOR.open()) {
          raw.getOutputStream()
              .write(
                  ByteBuffer.allocate(16)
                      .putInt(16)
                      .putInt((1234 << 16) | 5678)
                      .putInt(backend(connection))
                      .putInt(i)
                      .array());
          assertThat(Knock.rest(raw.getInputStream())).isEmpty();
        }
      }
      assertThat(GatewayFixture.DATABASE.count(ASLEEP)).isEqualTo(1);
      assertThat(running.get()).isEqualTo("slept");
    }
  }

  private static int backend(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  @Test
  void theCancelKeyIsTheGatewaysOwn() throws SQLException {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      assertThat(GatewayFixture.answer(connection, "select pg_backend_pid()"))
          .isNotEqualTo(String.valueOf(backend(connection)));
    }
  }

  @Test
  void anotherDatabaseThanTheResourcesIsRefused() {
    var access = FIXTURE.approved(Level.READ);
    for (String database : new String[] {"template1", "helpdesk2", "Postgres"}) {
      String url = FIXTURE.url().replace("/postgres?", "/" + database + "?");
      assertThatThrownBy(
              () -> DriverManager.getConnection(url, access.user(), GatewayFixture.PASSWORD))
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("28000");
    }
  }

  @Test
  void anApplicationNameIsRecordedWithoutWhatATerminalWouldObey() throws SQLException {
    String name = "evil\r\n\u001b[2J\u202egpj.exe" + "x".repeat(4000);
    var access = FIXTURE.approved(Level.READ);
    String encoded = URLEncoder.encode(name, UTF_8);
    try (Connection connection =
        FIXTURE.connect(access, "&ApplicationName=" + encoded + "&assumeMinServerVersion=18")) {
      assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
    }
    assertThat(FIXTURE.controlPlane.events())
        .filteredOn(SessionEvent.Opened.class::isInstance)
        .last()
        .extracting(opened -> ((SessionEvent.Opened) opened).clientApplication())
        .asString()
        .startsWith("evil???[2J?gpj.exex")
        .hasSize(63);
  }

  @Test
  void manyWrongPasswordsForALoginDoNotKeepItsOwnerOut() throws SQLException {
    var access = FIXTURE.approved(Level.READ);
    for (int i = 0; i < 25; i++) {
      assertThatThrownBy(() -> DriverManager.getConnection(FIXTURE.url(), access.user(), "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
    try (Connection connection = FIXTURE.connect(access)) {
      assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
    }
  }

  private static byte[] password(String text) {
    return Wire.message('p', text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=%s,p=%s",
        "c=biws,p=%2$s",
        "c=biws,r=%s",
        "c=biws,r=abc,p=%2$s",
        "c=eSws,r=%s,p=%s",
        "c=,r=%s,p=%s",
        "",
        "c=biws,r=%s,r=%1$s,p=%s",
        "c=biws,r=%s,p=AA=="
      })
  void scramEndingsThatLackOrChangePartsFail(String last) throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(Knock.sasl(11, "n,,n=,r=abc"));
      assertThat((char) in.readByte()).isEqualTo('R');
      byte[] challenge = in.readNBytes(in.readInt() - 4);
      String nonce = new String(challenge, 4, challenge.length - 4, UTF_8).split(",", 2)[0];
      String proof = Base64.getEncoder().encodeToString(new byte[32]);
      tls.getOutputStream().write(password(last.formatted(nonce.substring(2), proof)));
      assertThat(Knock.rest(in)).contains("08P01");
    }
  }

  @Test
  void aSlowStrangerIsClosedAtTheDeadline() throws Exception {
    try (Socket raw = DOOR.open()) {
      long begun = System.nanoTime();
      byte[] packet = Knock.login();
      assertThatThrownBy(
              () -> {
                for (int at = 0; ; at++) {
                  raw.getOutputStream().write(packet[at % 4]);
                  LockSupport.parkNanos(1_000_000_000L);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void aPasswordMessageOf100MegabytesIsNotWaitedFor() throws Exception {
    try (SSLSocket tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(new byte[] {'p', 6, 0, 0, 0, 'x'});
      assertThat(Knock.rest(in)).contains("08P01");
    }
  }
}
