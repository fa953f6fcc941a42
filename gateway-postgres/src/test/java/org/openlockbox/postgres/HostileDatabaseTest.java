package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.testing.TamperedLine;
import org.postgresql.util.PSQLException;

/// A database, or something on the way to it, that does not keep to the protocol: its session ends
/// and nothing of what was wrong reaches the client.
class HostileDatabaseTest {
  private static final String MARK = "marked";
  private static final String QUERY = "select 'marked', 'b'";
  private static final int SETTINGS = 64;
  private static final int SETTING = 1_000_000;
  private static final TamperedLine LINE = line();
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD,
          InstantSource.system(),
          GatewayFixture.DATABASE.catalogue(LINE.port()));

  private static TamperedLine line() {
    try {
      return new TamperedLine(GatewayFixture.DATABASE.port());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void nothingIsLeft() throws IOException {
    FIXTURE.close();
    LINE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  /// A change of the messages in which the database answers the marked query.
  record Lie(String name, UnaryOperator<List<byte[]>> change) {
    byte[] apply(byte[] chunk) {
      return new String(chunk, UTF_8).contains(MARK) ? joined(change.apply(split(chunk))) : chunk;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<byte[]> split(byte[] chunk) {
    List<byte[]> messages = new ArrayList<>();
    for (int at = 0; at < chunk.length; ) {
      int length = 1 + ByteBuffer.wrap(chunk, at + 1, 4).getInt();
      messages.add(Arrays.copyOfRange(chunk, at, at + length));
      at += length;
    }
    return messages;
  }

  private static byte[] joined(List<byte[]> messages) {
    var all = new ByteArrayOutputStream();
    messages.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// Puts these in the place of each message of a type.
  private static Lie replaced(String name, char type, byte[]... by) {
    return new Lie(
        name,
        messages ->
            messages.stream()
                .flatMap(message -> message[0] == type ? Stream.of(by) : Stream.of(message))
                .toList());
  }

  private static byte[] row(int columns, String... values) {
    var body = ByteBuffer.allocate(200).putShort((short) columns);
    for (String value : values) {
      body.putInt(value.length()).put(value.getBytes(UTF_8));
    }
    return Wire.message('D', Arrays.copyOf(body.array(), body.position()));
  }

  private static byte[] tooLong() {
    byte[] row = row(2, MARK, "b");
    row[7 + 3] = 100; // the first value's length
    return row;
  }

  private static byte[] ready(char status) {
    return Wire.message('Z', new byte[] {(byte) status});
  }

  private static final byte[] COMPLETE = Wire.message('C', "SELECT 1\0".getBytes(UTF_8));

  static List<Lie> lies() {
    return List.of(
        replaced("more columns than described", 'D', row(3, MARK, "b", "c")),
        replaced("fewer columns than described", 'D', row(1, MARK)),
        replaced("a value longer than the row", 'D', tooLong()),
        replaced("bytes behind the last value", 'D', row(2, MARK, "b", "c")),
        replaced("fewer values than columns", 'D', row(2, MARK)),
        replaced("a row after the end", 'C', COMPLETE, row(2, MARK, "b")),
        replaced("copied data that nobody announced", 'D', Wire.message('d', MARK.getBytes(UTF_8))),
        replaced("a row after an error", 'C', failure(), row(2, MARK, "b")),
        replaced("a copy after an error", 'C', failure(), copyOut()),
        replaced("ready twice", 'Z', ready('I'), ready('I')),
        replaced("ready before the end", 'C'),
        replaced("a transaction that nobody began", 'Z', ready('T')),
        replaced("a failed transaction that nobody began", 'Z', ready('E')),
        replaced("a status that does not exist", 'Z', ready('X')),
        replaced("a description that nobody asked for", 'Z', ready('I'), description()));
  }

  private static byte[] failure() {
    return Wire.message('E', "SERROR\0VERROR\0C22012\0Mno\0\0".getBytes(UTF_8));
  }

  private static byte[] copyOut() {
    return Wire.message('H', new byte[] {0, 0, 0});
  }

  private static byte[] description() {
    return Wire.message('T', new byte[] {0, 0});
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieInTheAnswerToASimpleQueryEndsTheSession(Lie lie) throws Exception {
    caught(lie, "&preferQueryMode=simple");
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieInTheAnswerToAnExtendedQueryEndsTheSession(Lie lie) throws Exception {
    caught(lie, "&preferQueryMode=extended");
  }

  /// What is said nowhere else could pass there, unseen by the record and the budgets.
  static List<Lie> hidingPlaces() {
    byte[] parameters = Wire.message('t', new byte[] {0, 1, 0, 0, 0, 25});
    return List.of(
        replaced("a Parse's answer that holds more", '1', Wire.message('1', MARK.getBytes(UTF_8))),
        replaced("a Bind's answer that holds more", '2', Wire.message('2', MARK.getBytes(UTF_8))),
        replaced("parameters of a portal", 'T', parameters, description()));
  }

  @ParameterizedTest
  @MethodSource("hidingPlaces")
  void whatHoldsMoreThanItSaysEndsTheSession(Lie lie) throws Exception {
    caught(lie, "&preferQueryMode=extended");
  }

  @Test
  void aRowWithoutADescriptionEndsTheSession() throws Exception {
    caught(replaced("no description", 'T'), "&preferQueryMode=simple");
    caught(replaced("no description", 'T'), "&preferQueryMode=extended");
  }

  @ParameterizedTest
  @ValueSource(chars = {'W', 'V', 'R', 'K', 'v', 'A', 'G', 'p', 'z', '\0'})
  void messagesThatNoSessionHasEndIt(char type) throws Exception {
    caught(
        replaced("type " + type, 'T', Wire.message(type, new byte[12])), "&preferQueryMode=simple");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 1024 * 1024 + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void lengthsThatNoMessageHasEndTheSession(int length) throws Exception {
    byte[] head = ByteBuffer.allocate(5).put((byte) 'C').putInt(length).array();
    caught(replaced("a length of " + length, 'C', head), "&preferQueryMode=simple");
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard_conforming_strings\0on", "client_encoding\0UTF8"})
  void settingsThatTheRecordDependsOnAreAsTheyMustBeOrNobodyIsLetIn(String setting)
      throws Exception {
    try (Connection before = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      assertThat(answer(before, "select 1")).isEqualTo("1");
      LINE.tamper(
          chunk -> {
            String said = new String(chunk, ISO_8859_1);
            String other = setting.substring(0, setting.length() - 1) + "?";
            // the gateway's own connections may log in at this moment too
            boolean toSession = said.contains("session_authorization\0lb_s_");
            return toSession ? said.replace(setting, other).getBytes(ISO_8859_1) : chunk;
          });
      assertThatThrownBy(() -> FIXTURE.connect(FIXTURE.approved(Level.READ)))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("57P03");
                assertThat(e.getMessage())
                    .contains("does not read statements as the gateway does", "Hint: ");
              });
    }
  }

  @Test
  void settingsWithoutEndAreNotKept() throws Exception {
    try (Connection connection =
        FIXTURE.connect(FIXTURE.approved(Level.READ), "&preferQueryMode=simple")) {
      assertThat(answer(connection, QUERY)).isEqualTo(MARK);
      long before = heap();
      LINE.tamper(replaced("settings", 'Z', settings())::apply);
      Wire.of(connection).write(Wire.query(QUERY));
      Wire.of(connection).flush();
      Wire.socket(connection).getInputStream().skipNBytes((long) SETTINGS * SETTING);
      GatewayFixture.await(() -> heap() - before < (long) SETTINGS * SETTING / 2);
      connection.abort(Runnable::run);
    }
  }

  /// As many different settings, each of a megabyte, and the end of the answer.
  private static byte[][] settings() {
    byte[][] messages = new byte[SETTINGS + 1][];
    for (int i = 0; i < SETTINGS; i++) {
      byte[] body = new byte[SETTING];
      Arrays.fill(body, (byte) 'v');
      byte[] name = ("name" + i + "\0").getBytes(UTF_8);
      System.arraycopy(name, 0, body, 0, name.length);
      body[SETTING - 1] = 0;
      messages[i] = Wire.message('S', body);
    }
    messages[SETTINGS] = ready('I');
    return messages;
  }

  /// What is reachable, after a collection.
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void caught(Lie lie, String mode) throws Exception {
    long before = violations();
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ), mode)) {
      assertThat(answer(connection, QUERY)).isEqualTo(MARK);
      LINE.tamper(lie::apply);
      // what was before the lie may be shown, but a session that ends is no answer
      String first = answer(connection, QUERY);
      String second = first.startsWith("refused") ? first : answer(connection, "select 1");
      assertThat(second).startsWith("refused");
    }
    GatewayFixture.await(() -> violations() == before + 1);
  }

  private static long violations() {
    return FIXTURE.controlPlane.reasons().stream().filter("violation"::equals).count();
  }

  @Test
  void aStatusThatSaysIdleInsideATransactionEndsTheSession() throws Exception {
    long before = violations();
    try (Connection connection =
        FIXTURE.connect(FIXTURE.approved(Level.READ), "&preferQueryMode=simple")) {
      assertThat(answer(connection, "begin")).isEqualTo("0 rows");
      assertThat(answer(connection, QUERY)).isEqualTo(MARK);
      Lie lie = replaced("idle", 'Z', ready('I'));
      LINE.tamper(lie::apply);
      assertThat(answer(connection, QUERY)).startsWith("refused");
    }
    GatewayFixture.await(() -> violations() == before + 1);
  }

  @Test
  void whatPostgresqlDoesWithTransactionsIsNoLie() throws Exception {
    try (Connection connection =
        FIXTURE.connect(FIXTURE.approved(Level.READ), "&preferQueryMode=simple")) {
      for (String sql :
          List.of(
              "begin",
              "savepoint s",
              "select nonsense",
              "rollback to s",
              "select 1",
              "commit",
              "begin; select 2",
              "select nonsense",
              "select 3",
              "commit",
              "begin; commit",
              "begin",
              "commit and chain",
              "rollback and chain",
              "end",
              "select 4; select nonsense",
              "begin",
              "select 1/0",
              "abort",
              "start transaction",
              "rollback",
              "commit")) {
        answer(connection, sql);
      }
      assertThat(answer(connection, "select 'still here'")).isEqualTo("still here");
    }
  }
}
