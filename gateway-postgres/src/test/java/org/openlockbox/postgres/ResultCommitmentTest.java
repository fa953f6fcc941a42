package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.postgres.attack.Talk;
import org.postgresql.PGConnection;

/// An outcome commits to the rows that its statement returned (log-entry.md, `result`): to the
/// bytes that a client has, with the salt of the statement's own text.
class ResultCommitmentTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();
  private static final Limits READ = Limits.UNWRITTEN.withProfile(Profile.EXPERT);

  @AfterAll
  static void stop() {
    FIXTURE.close();
  }

  @Test
  void aCopyIsCommittedToAsTheFileThatItMakes() throws Exception {
    String sql = "copy (select id, name from customers order by id) to stdout (format csv, header)";
    var file = new ByteArrayOutputStream();
    try (var connection = FIXTURE.connect(FIXTURE.approved(Level.READ))) {
      connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, file);
    }
    assertThat(file.size()).isGreaterThan(100_000);
    assertCommitted(sql, file.toByteArray());
  }

  @Test
  void rowsAreCommittedToAsTheyCome() throws Exception {
    assertCommitted("select 1, null, ''", spoken("select 1, null, ''"));
    assertCommitted("select 7; select 8", spoken("select 7; select 8"));
    String many = "select i, repeat('x', i) from generate_series(1, 2000) i";
    assertCommitted(many, spoken(many));
  }

  @Test
  void aRowTooLargeToHoldIsCommittedToInPieces() throws Exception {
    String sql = "select repeat('large', 1000000), 'and a small one' union all select 'b', 'c'";
    byte[] rows = spoken(sql);
    assertThat(rows).hasSizeGreaterThan(5_000_000);
    assertCommitted(sql, rows);
  }

  @Test
  void eachExecuteOfAPortalCommitsToItsOwnRows() throws Exception {
    String sql = "select i from generate_series(1, 5) i";
    byte[] rows =
        spoken(
            READ,
            Talk.parse("", sql),
            Talk.bind("", ""),
            Talk.execute("", 2),
            Talk.execute("", 0),
            Talk.sync());
    assertThat(rows).isEqualTo(rows("1", "2", "3", "4", "5").toArray());
    GatewayFixture.await(() -> outcomes(sql).size() == 2);
    assertThat(outcomes(sql))
        .extracting(SessionEvent.Outcome::result)
        .containsExactly(committed(sql, 0, rows("1", "2")), committed(sql, 1, rows("3", "4", "5")));
  }

  /// What the outcome of that number has to commit to, where the text has several.
  private static Optional<Commitment> committed(String sql, int number, Bytes rows) {
    long n = outcomes(sql).get(number).n();
    return statements(sql).stream()
        .filter(statement -> statement.n() == n)
        .map(statement -> FIXTURE.controlPlane.result(statement, rows))
        .findFirst();
  }

  @Test
  void anErrorInTheMiddleLeavesTheRowsBeforeIt() throws Exception {
    String sql = "select 12 / (3 - i) from generate_series(1, 5) i";
    assertThat(spoken(sql)).isEqualTo(rows("6", "12").toArray());
    assertCommitted(sql, rows("6", "12").toArray());
  }

  @Test
  void whatIsBeyondTheBudgetIsNotCommittedTo() throws Exception {
    String sql = "select i as spent from generate_series(1, 5) i";
    var limits = READ.withRowBudget(new RowBudget(3));
    assertThat(spoken(limits, Wire.query(sql))).isEqualTo(rows("1", "2", "3").toArray());
    assertCommitted(sql, rows("1", "2", "3").toArray());
  }

  @Test
  void withoutRowsThereIsNothingToCommitTo() throws Exception {
    String sql = "select 1 where false";
    assertThat(spoken(sql)).isEmpty();
    GatewayFixture.await(() -> outcomes(sql).size() == 1);
    assertThat(outcomes(sql).getFirst().result()).isEmpty();
  }

  private static void assertCommitted(String sql, byte[] rows) {
    GatewayFixture.await(() -> outcomes(sql).size() == 1);
    var expected = FIXTURE.controlPlane.result(statements(sql).getFirst(), Bytes.of(rows));
    assertThat(outcomes(sql).getFirst().result()).contains(expected);
  }

  private static List<SessionEvent.Operation> statements(String sql) {
    return FIXTURE.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(statement -> FIXTURE.controlPlane.text(statement).equals(sql))
        .toList();
  }

  private static List<SessionEvent.Outcome> outcomes(String sql) {
    var statements = statements(sql);
    return FIXTURE.controlPlane.events().stream()
        .filter(SessionEvent.Outcome.class::isInstance)
        .map(SessionEvent.Outcome.class::cast)
        .filter(
            outcome ->
                statements.stream()
                    .anyMatch(s -> s.of().equals(outcome.of()) && s.n() == outcome.n()))
        .toList();
  }

  /// The bodies of the rows that a simple query brings.
  private static byte[] spoken(String sql) throws Exception {
    return spoken(READ, Wire.query(sql));
  }

  private static byte[] spoken(Limits limits, byte[]... messages) throws Exception {
    var access = FIXTURE.approved(Level.READ, Duration.ofMinutes(30), limits);
    try (var connection = FIXTURE.connect(access)) {
      for (byte[] message : messages) {
        Wire.of(connection).write(message);
      }
      Wire.of(connection).flush();
      return rows(new DataInputStream(Wire.socket(connection).getInputStream()));
    }
  }

  private static byte[] rows(DataInputStream in) throws IOException {
    var rows = new ByteArrayOutputStream();
    while (true) {
      char type = (char) in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      switch (type) {
        case 'D' -> rows.writeBytes(body);
        case 'Z' -> {
          return rows.toByteArray();
        }
        default -> {}
      }
    }
  }

  /// Rows of one value each.
  private static Bytes rows(String... values) {
    var rows = new ByteArrayOutputStream();
    for (String value : values) {
      byte[] text = value.getBytes(UTF_8);
      rows.writeBytes(
          ByteBuffer.allocate(6 + text.length)
              .putShort((short) 1)
              .putInt(text.length)
              .put(text)
              .array());
    }
    return Bytes.of(rows.toByteArray());
  }
}
