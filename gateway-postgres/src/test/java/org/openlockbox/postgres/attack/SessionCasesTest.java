package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.log.StreamPart;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.openlockbox.postgres.Wire;
import org.openlockbox.postgres.testing.Answers;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Cases that are a story of more than one message: half messages, access that ends in the middle
/// of something, clients that vanish, too much of everything.
class SessionCasesTest {
  private static final String ASLEEP =
      "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and usename like 'lb\\_s\\_%'";

  private static final Target.Gateway GATEWAY = new Target.Gateway();
  private static final GatewayFixture FIXTURE = GATEWAY.fixture();
  private static final String SLEEPING =
      "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and state = 'active'";

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  private static void end(Access access) {
    FIXTURE.controlPlane.end(access.asked().submission().id());
  }

  private static boolean recorded(String text) {
    return FIXTURE.controlPlane.statements().contains(text);
  }

  /// What the superuser sees in a ticket's labels.
  private static String labels(long id) throws SQLException {
    try (Connection superuser = Target.HELPDESK.superuser("helpdesk")) {
      return Answers.last(superuser, "select labels from helpdesk.tickets where id = " + id);
    }
  }

  @Test
  void halfAMessageIsNeitherForwardedNorRecorded() throws Exception {
    Access access = FIXTURE.approved(Level.WRITE);
    byte[] whole = Wire.query("update tickets set labels = '{changed}' where id = 11 -- half");
    try (Talk talk = new Talk(FIXTURE.connect(access))) {
      talk.send(Arrays.copyOf(whole, whole.length - 5));
      end(access);
      assertThat(talk.rest()).containsExactly("E57P01");
    }
    assertThat(FIXTURE.controlPlane.statements()).noneMatch(text -> text.contains("half"));
    assertThat(labels(11)).isNotEqualTo("{changed}");
  }

  @Test
  void nothingOfAPipelineRunsAfterTheRevocation() throws Exception {
    Access access = FIXTURE.approved(Level.WRITE);
    try (Talk talk = new Talk(FIXTURE.connect(access))) {
      talk.send(
          Wire.query("select 'first', pg_sleep(60)"),
          Talk.parse("", "update tickets set labels = '{changed}' where id = 12"),
          Talk.bind("", ""));
      for (int i = 0; i < 1000; i++) {
        talk.send(Talk.execute("", 0));
      }
      talk.send(Talk.sync());
      GatewayFixture.await(() -> GatewayFixture.DATABASE.count(SLEEPING) >= 1);
      end(access);
      assertThat(talk.rest()).containsExactly("E57P01");
    }
    assertThat(labels(12)).isNotEqualTo("{changed}");
  }

  @Test
  void aSuspendedPortalGivesNothingAfterTheRevocation() throws Exception {
    Access access = FIXTURE.approved(Level.READ);
    try (Talk talk = new Talk(FIXTURE.connect(access))) {
      talk.send(
          Wire.query("begin"),
          Talk.parse("", "select id from customers"),
          Talk.bind("p", ""),
          Talk.execute("p", 1),
          Talk.sync());
      List<String> heard = new ArrayList<>();
      while (heard.stream().filter("Z"::equals).count() < 2) {
        talk.next().ifPresent(heard::add);
      }
      assertThat(heard).contains("s").anyMatch(message -> message.startsWith("D:"));
      end(access);
      while (!talk.next().equals(Optional.of("E57P01"))) {}
      talk.send(Talk.execute("p", 1), Talk.sync());
      assertThat(talk.rest()).isEmpty();
    }
  }

  @Test
  void copiedDataAfterTheRevocationIsNotCommitted() throws Exception {
    Access access = FIXTURE.approved(Level.WRITE);
    try (Talk talk = new Talk(FIXTURE.connect(access))) {
      Target.HELPDESK.openInbox("helpdesk");
      talk.send(Wire.query("copy information_schema.letters from stdin"));
      assertThat(talk.next()).contains("G");
      talk.send(Talk.copyData("first\n"));
      end(access);
      assertThatThrownBy(
              () -> {
                while (true) {
                  talk.send(Talk.copyData("late\n"));
                }
              })
          .isInstanceOf(IOException.class);
      try (Connection superuser = Target.HELPDESK.superuser("helpdesk")) {
        assertThat(Answers.last(superuser, "select count(*) from information_schema.letters"))
            .isEqualTo("0");
      }
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
  }

  /// Ending a statement by a cancel would let PostgreSQL go on with the next of the pipeline.
  @Test
  void theNextStatementOfAPipelineDoesNotRunWhenTheFirstIsEnded() throws Exception {
    for (int i = 0; i < 5; i++) {
      Access access = FIXTURE.approved(Level.WRITE);
      try (Talk talk = new Talk(FIXTURE.connect(access))) {
        String sleeps = "select 'pipeline " + i + "', pg_sleep(60)";
        talk.send(
            Wire.query(sleeps),
            Wire.query("update tickets set labels = '{changed}' where id = 13"));
        GatewayFixture.await(
            () -> recorded(sleeps) && GatewayFixture.DATABASE.count(SLEEPING) >= 1);
        end(access);
        assertThat(talk.rest()).containsExactly("E57P01");
      }
    }
    assertThat(labels(13)).isNotEqualTo("{changed}");
  }

  @Test
  void copiedDataThatComesWithItsStatementIsCopied() throws Exception {
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.WRITE)))) {
      Target.HELPDESK.openInbox("helpdesk");
      byte[] copy = Wire.query("copy information_schema.letters from stdin");
      assertThat(talk.answer(copy, Talk.copyData("at once\n"), Talk.copyDone()))
          .isEqualTo("G C Z alive");
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
  }

  /// More of them than the gateway keeps count of at once: the rest waits, and none is lost.
  @Test
  void twelveThousandQueriesBehindASlowOneAreAllAnswered() throws Exception {
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.READ)))) {
      var said = new ByteArrayOutputStream();
      said.writeBytes(Wire.query("select 'slow' from pg_sleep(2)"));
      for (int i = 0; i < 12_000; i++) {
        said.writeBytes(Wire.query("select 1"));
      }
      assertThat(talk.answer(said.toByteArray()))
          .isEqualTo("T D:slow C Z " + "T D:1 C Z ".repeat(12_000) + "alive");
    }
  }

  @Test
  void aLongCopyIsOnRecordMegabyteByMegabyte() throws Exception {
    String line = "x".repeat(100_000) + "\n";
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.WRITE)))) {
      Target.HELPDESK.openInbox("helpdesk");
      talk.send(Wire.query("copy information_schema.letters from stdin"));
      assertThat(talk.next()).contains("G");
      for (int i = 0; i < 30; i++) {
        talk.send(Talk.copyData(line));
      }
      assertThat(talk.answer(Talk.copyDone())).isEqualTo("C Z alive");
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
    assertThat(partsOf("copy information_schema.letters from stdin"))
        .containsExactly(
            "0: 1100011 " + committed(line.repeat(11)),
            "1: 1100011 " + committed(line.repeat(22)),
            "2: 800008 " + committed(line.repeat(30)));
  }

  static Stream<Arguments> beforeTheGoodbye() {
    String sql = "update tickets set labels = '{%s}' where id = 14";
    return Stream.of(
        Arguments.of("query", Wire.query(sql.formatted("query"))),
        Arguments.of(
            "slow",
            Talk.joined(Wire.query("select pg_sleep(0.5)"), Wire.query(sql.formatted("slow")))),
        Arguments.of(
            "batch",
            Talk.joined(
                Talk.parse("", sql.formatted("batch")),
                Talk.bind("", ""),
                Talk.execute("", 0),
                Talk.sync())),
        Arguments.of(
            "commit",
            Talk.joined(
                Wire.query("begin"),
                Wire.query(sql.formatted("commit")),
                Talk.parse("", "commit"),
                Talk.bind("", ""),
                Talk.execute("", 0))));
  }

  /// PostgreSQL reads the goodbye when it has done what came before it.
  @ParameterizedTest
  @MethodSource("beforeTheGoodbye")
  void whatComesBeforeAGoodbyeIsDone(String label, byte[] said) throws Exception {
    long closed = closed();
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.WRITE)))) {
      talk.send(said, Wire.message('X', new byte[0]));
      talk.rest();
    }
    GatewayFixture.await(() -> closed() > closed);
    assertThat(labels(14)).isEqualTo("{" + label + "}");
  }

  /// Whoever reports the last error that it heard would name the wrong one.
  @Test
  void theDatabasesOwnLastWordsAreTheLast() throws Exception {
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.READ)))) {
      talk.send(Wire.query("set idle_in_transaction_session_timeout = 100"), Wire.query("begin"));
      assertThat(talk.rest()).containsExactly("C", "Z", "C", "Z", "E25P03");
    }
  }

  /// The newest operation with this text.
  private static SessionEvent.Operation newest(String sql) {
    return FIXTURE.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .filter(operation -> FIXTURE.controlPlane.text(operation).equals(sql))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  /// What its COPY brought, in the parts in which it is on record.
  private static List<String> partsOf(String sql) {
    var operation = newest(sql);
    return FIXTURE.controlPlane.events().stream()
        .filter(event -> event instanceof StreamPart part && part.of().equals(operation.of()))
        .map(StreamPart.class::cast)
        .filter(part -> part.n() == operation.n())
        .map(part -> part.part() + ": " + part.bytes() + " " + part.digest().hex())
        .toList();
  }

  private static String committed(String data) {
    var copy = newest("copy information_schema.letters from stdin");
    return FIXTURE.controlPlane.result(copy, Bytes.ofUtf8(data)).hex();
  }

  @Test
  void oneMessageOfACopyMayHaveMegabytes() throws Exception {
    String line = "x".repeat(5_000_000) + "\n";
    try (Talk talk = new Talk(FIXTURE.connect(FIXTURE.approved(Level.WRITE)))) {
      Target.HELPDESK.openInbox("helpdesk");
      byte[] copy = Wire.query("copy information_schema.letters from stdin");
      assertThat(talk.answer(copy, Talk.copyData(line), Talk.copyDone())).isEqualTo("G C Z alive");
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
    assertThat(partsOf("copy information_schema.letters from stdin"))
        .containsExactly("0: 5000001 " + committed(line));
  }

  @Test
  void aClientThatVanishesLeavesNoStatementBehind() throws Exception {
    Connection connection = FIXTURE.connect(FIXTURE.approved(Level.READ));
    String sql = "select 'vanished', pg_sleep(600)";
    new Talk(connection).send(Wire.query(sql));
    GatewayFixture.await(() -> recorded(sql) && GatewayFixture.DATABASE.count(SLEEPING) >= 1);
    long closed = closed();
    Wire.socket(connection).close();
    GatewayFixture.await(() -> GatewayFixture.DATABASE.count(SLEEPING) == 0 && closed() > closed);
  }

  private static long closed() {
    return FIXTURE.controlPlane.events().stream()
        .filter(SessionEvent.Closed.class::isInstance)
        .count();
  }

  @Test
  void errorsAndNoticesAtTheMaskedLevelSayNothingOfValues() throws SQLException {
    try (Connection connection = GATEWAY.connect(Level.MASKED);
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("select ('secret ' || email)::int from customers"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("withheld")
          .hasMessageNotContaining("secret");
      statement.execute("set session characteristics as transaction read write");
      statement.execute("drop table if exists \"secret\"");
      assertThat(statement.getWarnings().getMessage())
          .contains("withheld")
          .doesNotContain("secret");
    }
  }

  /// The detail of a constraint's error names the row that is in the way, whoever's it is.
  @Test
  void aConstraintsErrorNamesNoOtherRow() throws SQLException {
    try (Connection connection = GATEWAY.connect(Level.WRITE);
        var statement = connection.createStatement()) {
      String taken =
          """
          insert into customers (first_name, last_name, email, country_code)
          select first_name, last_name, email, country_code from customers limit 1
          """;
      assertThatThrownBy(() -> statement.execute(taken))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("23505");
                ServerErrorMessage said = Objects.requireNonNull(e.getServerErrorMessage());
                assertThat(said.getConstraint()).isEqualTo("customers_tenant_id_email_key");
                assertThat(said.getDetail()).isNull();
              });
    }
  }

  @Test
  void aCancelForASessionThatHasEndedIsNothing() throws Exception {
    Access access = FIXTURE.approved(Level.READ);
    try (Connection connection = FIXTURE.connect(access);
        Connection other = GATEWAY.connect(Level.READ);
        var statement = connection.createStatement();
        Connection witness = Target.HELPDESK.superuser("helpdesk");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      end(access);
      GatewayFixture.await(() -> Answers.last(connection, "select 1").startsWith("refused"));
      var running = threads.submit(() -> Answers.last(other, "select 'unharmed' from pg_sleep(2)"));
      GatewayFixture.await(() -> Answers.last(witness, ASLEEP).equals("1"));
      statement.cancel();
      assertThat(running.get()).isEqualTo("unharmed");
    }
  }

  @Test
  void tenThousandPreparedNamesAreTooMany() throws Exception {
    byte[][] all =
        IntStream.range(0, 10_000)
            .mapToObj(i -> Talk.parse("n" + i, "select 1"))
            .toArray(byte[][]::new);
    try (Talk talk = new Talk(GATEWAY.connect(Level.READ))) {
      assertThat(talk.answer(Talk.joined(all))).endsWith("E08P01 closed");
    }
  }

  @Test
  void aFieldOf60MegabytesPassesInPieces() throws Exception {
    Connection connection = GATEWAY.connect(Level.READ);
    try {
      new Talk(connection).send(Wire.query("select repeat('0123456789', 6000000)"));
      var in = Wire.socket(connection).getInputStream();
      byte[] some = new byte[64 * 1024];
      long seen = 0;
      while (seen < 60_000_000L) {
        int n = in.read(some);
        assertThat(n).isPositive();
        seen += n;
      }
    } finally {
      connection.abort(Runnable::run);
    }
  }

  @Test
  void aMessageThatClaimsToBeHugeIsRefusedBeforeItsBytesCome() throws Exception {
    for (char type : new char[] {'Q', 'P', 'B', 'd', 'E', 'D', 'C', 'S', 'H', 'X', 'c', 'f'}) {
      byte[] head = ByteBuffer.allocate(5).put((byte) type).putInt(17 * 1024 * 1024).array();
      try (Talk talk = new Talk(GATEWAY.connect(Level.READ))) {
        talk.send(head);
        assertThat(talk.rest()).as("type %s", type).containsExactly("E08P01");
      }
    }
  }
}
