package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.wire.ErrorFields;
import org.postgresql.util.PSQLException;

/// What the gateway does not do it says with a SQLSTATE, a message and a HINT with the next step:
/// at the door, in a session, and in an expert's session too.
class HintsTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final Knock DOOR = new Knock(FIXTURE.gateway.port());
  private static final String FUNCTION_CALL = "the function-call protocol is not allowed here";

  @AfterAll
  static void stop() {
    FIXTURE.close();
  }

  /// The error among the messages that came.
  private static ErrorFields error(InputStream from) throws IOException {
    var in = new DataInputStream(from);
    while (true) {
      char type = (char) in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      if (type == 'E') {
        return ErrorFields.parse(body);
      }
    }
  }

  private static void says(ErrorFields error, String code, String message, String hint) {
    assertThat(error.sqlState()).isEqualTo(code);
    assertThat(error.message()).contains(message);
    assertThat(error.fields().getOrDefault('H', "")).contains(hint);
  }

  private static void saysAtTheEnd(ErrorFields error, String code, String message, String hint) {
    says(error, code, message, hint);
    assertThat(error.endsSession()).isTrue();
  }

  private static Arguments refused(byte[] packet, String code, String message, String hint) {
    return Arguments.of(packet, code, message, hint);
  }

  static Stream<Arguments> startups() {
    String remove = "Remove it from the connection";
    String anew = "what `lockbox connect` prints";
    return Stream.of(
        refused(
            Knock.login("replication", "database"), "28000", "\"replication\"", "SELECT or COPY"),
        refused(Knock.login("replication", "true"), "28000", "\"replication\"", remove),
        refused(Knock.login("options", "-c role=x"), "28000", "\"options\"", remove),
        refused(Knock.login("role", "postgres"), "28000", "\"role\"", "with SET"),
        refused(Knock.login("client_encoding", "SJIS"), "22023", "UTF8", "PGCLIENTENCODING"),
        refused(Knock.login("TimeZone", "'; drop"), "22023", "timezone", "Leave it out"),
        refused(Knock.packet(3 << 16, "user", "x"), "28000", "names no database", anew),
        refused(Knock.packet(3 << 16, "database", "x"), "28000", "names no user", anew),
        refused(Knock.packet(2 << 16, "x"), "0A000", "version 3", "PostgreSQL 7.4 or newer"),
        refused(Knock.packet(4 << 16, "x"), "0A000", "version 3", "PostgreSQL 7.4 or newer"),
        refused(Knock.login("user", "x"), "08P01", "given twice", anew),
        refused(Knock.login("k\0v\0".repeat(40).split("\0", -1)), "08P01", "", anew),
        refused(Knock.packet(Knock.TLS), "08P01", "already on", "docs/tools.md"),
        refused(ByteBuffer.allocate(8).putInt(4).array(), "08P01", "4 bytes", "docs/tools.md"));
  }

  @ParameterizedTest
  @MethodSource("startups")
  void aStartUpThatIsRefusedSaysWhatToDo(byte[] packet, String code, String message, String hint)
      throws Exception {
    byte[] told = DOOR.refusedInTls(packet).getBytes(UTF_8);
    saysAtTheEnd(error(new ByteArrayInputStream(told)), code, message, hint);
  }

  @Test
  void aLoginWithoutTlsIsToldHowToConnect() throws IOException {
    for (int version : List.of(2 << 16, 3 << 16)) {
      try (Socket raw = DOOR.open()) {
        raw.getOutputStream().write(Knock.packet(version, "user", "x", "database", "x"));
        saysAtTheEnd(error(raw.getInputStream()), "28000", "TLS only", "sslmode=verify-full");
      }
    }
  }

  @Test
  void aBrokenLoginIsToldWhatToDo() throws Exception {
    try (var tls = DOOR.insideTls()) {
      var in = DOOR.offered(tls);
      tls.getOutputStream().write(new byte[] {'Q', 0, 0, 0, 6, '1', 0});
      saysAtTheEnd(error(in), "08P01", "expected a SASL response", "Connect again");
    }
  }

  /// `lo_creat(-1)` as libpq calls it.
  @Test
  void aFunctionCallIsToldToUseSql() throws Exception {
    for (var access : List.of(FIXTURE.approved(Level.READ), FIXTURE.guarded(Level.READ))) {
      try (Connection connection = FIXTURE.connect(access)) {
        Socket socket = Wire.socket(connection);
        socket.setSoTimeout(15_000);
        byte[] body =
            ByteBuffer.allocate(20)
                .putInt(957)
                .putShort((short) 1)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(4)
                .putInt(-1)
                .putShort((short) 1)
                .array();
        Wire.of(connection).write(Wire.message('F', body));
        Wire.of(connection).flush();
        ErrorFields error = error(socket.getInputStream());
        says(error, "0A000", FUNCTION_CALL, "Call functions in SQL.");
        assertThat(error.endsSession()).isFalse();
        assertThat(socket.getInputStream().readNBytes(6))
            .as("ready")
            .isEqualTo(new byte[] {'Z', 0, 0, 0, 5, 'I'});
        assertThat(GatewayFixture.answer(connection, "select 1")).isEqualTo("1");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select lo_create(0)                        | Large objects are not offered",
        "select lo_from_bytea(0, 'x')               | Large objects are not offered",
        "select loread(1, 1)                        | Large objects are not offered",
        "select pg_advisory_lock(1)                 | every session of the database",
        "select pg_logical_emit_message(true, 'a', 'b') | every session of the database",
        "notify everybody                           | have the application notify",
        "listen everybody                           | query the tables again",
        "prepare transaction 'x'                    | would outlive this access",
      })
  void whatTheFenceClosesToExpertsIsRefusedWithANextStep(String sql, String hint)
      throws SQLException {
    try (Connection expert = FIXTURE.connect(FIXTURE.approved(Level.WRITE));
        Statement statement = expert.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42501");
                assertThat(e.getMessage()).contains("Hint: ", hint);
              });
      assertThat(GatewayFixture.answer(expert, "select 1")).isEqualTo("1");
    }
  }
}
