package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.openlockbox.postgres.Wire.query;
import static org.openlockbox.postgres.attack.BothSides.said;

import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.postgres.GatewayFixture;

/// A simple query within a batch of the extended protocol, as asyncpg sends it between a statement
/// that it has prepared with Flush and that statement's use: answered as the database answers it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryInBatchTest {
  private final BothSides both = new BothSides();

  QueryInBatchTest() throws IOException {}

  @AfterAll
  void stop() throws IOException {
    both.close();
  }

  static Stream<Arguments> thatRun() {
    return Stream.of(
        said(
            "a statement prepared with Flush, a query, its use",
            Talk.parse("a", "select 'a'"),
            Talk.describe('S', "a"),
            Talk.flush(),
            query("select 'query'"),
            Talk.bind("", "a"),
            Talk.execute("", 0)),
        said(
            "a copy of the server's within the batch",
            Talk.parse("a", "select 'a'"),
            Talk.flush(),
            query("copy (select 'copied') to stdout"),
            Talk.bind("", "a"),
            Talk.execute("", 0)));
  }

  static Stream<Arguments> inTransactions() {
    return Stream.of(
        said(
            "a transaction begun in the batch's middle",
            Talk.parse("a", "select 'a'"),
            Talk.flush(),
            query("begin"),
            Talk.bind("p", "a"),
            Talk.flush(),
            query("select 'query'"),
            Talk.execute("p", 0),
            Talk.sync(),
            query("commit")),
        said(
            "a query that ends the implicit transaction, and with it the portal",
            Talk.parse("a", "select 'a'"),
            Talk.bind("p", "a"),
            Talk.flush(),
            query("select 'query'"),
            Talk.execute("p", 0)));
  }

  static Stream<Arguments> afterWhichSomethingFails() {
    return Stream.of(
        said(
            "an error before the query, which is skipped",
            Talk.parse("", "selec"),
            Talk.flush(),
            query("select 'skipped'"),
            query("select 'skipped too'"),
            Talk.parse("a", "select 'skipped'"),
            Talk.sync(),
            Talk.bind("", "a")),
        said(
            "an error of the query, behind which the next batch runs",
            Talk.parse("a", "select 'a'"),
            Talk.flush(),
            query("selec"),
            Talk.bind("", "a"),
            Talk.execute("", 0)),
        said(
            "the unnamed statement, which the query drops",
            Talk.parse("", "select 'a'"),
            Talk.flush(),
            query("select 'query'"),
            Talk.bind("", "")),
        said(
            "a query that drops what the batch has prepared",
            Talk.parse("a", "select 'a'"),
            Talk.flush(),
            query("deallocate all"),
            Talk.bind("", "a")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"thatRun", "inTransactions", "afterWhichSomethingFails"})
  void itIsAnsweredAsTheDatabaseAnswers(String what, List<byte[]> said) throws Exception {
    assertThat(both.answer(said)).as(what).endsWith("alive");
  }

  /// A timeout that passes while the client is silent is raised when the next message is read.
  /// Where that is the query, it has failed, and with it the batch is over; where it is a Flush,
  /// the query behind it is skipped.
  static Stream<Arguments> acrossATimeout() {
    return Stream.of(
        said("the query, and no Sync", query("select 'query'")),
        said("the query, and the next", query("select 'query'"), query("select 'next'")),
        said(
            "the query and a Sync, and what was prepared",
            query("select 'query'"),
            Talk.sync(),
            Talk.bind("", "a"),
            Talk.execute("", 0)),
        said("a Flush, and the query", Talk.flush(), query("select 'query'")),
        said(
            "Flushes, and queries",
            Talk.flush(),
            Talk.flush(),
            query("select 'query'"),
            Talk.flush(),
            query("select 'next'")),
        said("a Close", Talk.close('S', "a"), Talk.flush(), query("select 'query'")),
        said("a Sync, and the query", Talk.sync(), query("select 'query'")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("acrossATimeout")
  void behindAPauseItIsAnsweredAsTheDatabaseAnswers(String what, List<byte[]> said)
      throws Exception {
    assertThat(both.answer(afterATimeout(said))).as(what).contains("E57014").endsWith("alive");
  }

  /// It did not run, so the name still stands for its text.
  @Test
  void aQueryThatATimeoutMetHasChangedNoName() throws Exception {
    var said =
        List.of(query("deallocate all"), Talk.bind("", "a"), Talk.execute("", 0), Talk.sync());
    assertThat(both.answer(afterATimeout(said))).endsWith("E57014 Z 2 D:a C Z alive");
    var record = both.record();
    GatewayFixture.await(() -> rowsOf(record).containsKey("select 'alive'"));
    assertThat(rowsOf(record)).containsOnlyKeys("select 'a'", "select 'alive'");
  }

  /// More than the messages that a batch may have: those that ask for what is asked for are none.
  @Test
  void aFloodOfFlushesIsAnsweredAsOne() throws Exception {
    var said = new ArrayList<>(List.of(Talk.parse("a", "select 'a'")));
    said.addAll(Collections.nCopies(60_000, Talk.flush()));
    said.addAll(List.of(query("select 'query'"), Talk.bind("", "a"), Talk.execute("", 0)));
    assertThat(both.ofGateway(said)).isEqualTo("1 T D:query C Z 2 D:a C alive");
  }

  @Test
  void flushesThatAskForNothingChangeNothing() throws Exception {
    var said =
        List.of(
            Talk.flush(),
            query("select 'alone'"),
            Talk.flush(),
            Talk.parse("a", "select 'a'"),
            Talk.flush(),
            Talk.flush(),
            query("select 'query'"),
            Talk.bind("", "a"),
            Talk.flush(),
            Talk.flush(),
            Talk.execute("", 0),
            Talk.flush(),
            Talk.flush());
    assertThat(both.answer(said)).endsWith("2 D:a C alive");
  }

  @Test
  void behindAFlushThatFailedItIsSkippedAndEachRowStaysThatOfItsText() throws Exception {
    var said = List.of(Talk.flush(), query("select 'query'"), Talk.sync(), query("select 'later'"));
    assertThat(both.answer(afterATimeout(said)))
        .contains("E57014")
        .doesNotContain("D:query")
        .endsWith("D:later C Z alive");
    var record = both.record();
    GatewayFixture.await(() -> rowsOf(record).containsKey("select 'alive'"));
    assertThat(rowsOf(record)).containsOnlyKeys("select 'later'", "select 'alive'");
  }

  private static BothSides.Conversation afterATimeout(List<byte[]> said) {
    return talk -> {
      talk.send(query("set statement_timeout = 100"), Talk.parse("a", "select 'a'"), Talk.flush());
      String begun = "";
      while (!begun.endsWith("1")) {
        begun += talk.next().orElse("");
      }
      Await.atLeast(Duration.ofMillis(400));
      return begun + " " + talk.answer(said.toArray(byte[][]::new));
    };
  }

  /// While it copies the database ignores a Sync, so this one has no answer; whoever counts on one
  /// takes all that follows for what came before it.
  @Test
  void aSyncThatIsSentWithACopyIsTheCopysAndEachRowStaysThatOfItsText() throws Exception {
    Target.HELPDESK.openInbox("helpdesk");
    try (Connection connection = both.connect(Level.WRITE)) {
      String copy = "copy information_schema.letters from stdin";
      assertThat(
              new Talk(connection)
                  .answer(
                      query(copy),
                      Talk.sync(),
                      Talk.copyData("1\n"),
                      Talk.copyDone(),
                      query(copy + "; " + copy),
                      Talk.copyDone(),
                      Talk.sync(),
                      Talk.copyDone(),
                      query("select 'later'")))
          .isEqualTo("G C Z G C G C Z T D:later C Z alive");
      var record = both.record();
      GatewayFixture.await(() -> rowsOf(record).containsKey("select 'alive'"));
      assertThat(rowsOf(record)).contains(entry("select 'later'", 1L), entry("select 'alive'", 1L));
    } finally {
      Target.HELPDESK.closeInbox("helpdesk");
    }
  }

  /// Nor does the next statement pay for it.
  @Test
  void whatAnErrorSaidBeforeItsExecuteCameIsNotCountedForTheNextStatement() throws Exception {
    try (Connection connection = both.connect(Level.READ)) {
      var talk = new Talk(connection);
      talk.send(Talk.parse("", "select $1::int"), Talk.bind("", ""), Talk.flush());
      assertThat(talk.next()).contains("1");
      assertThat(talk.next()).contains("E08P01");
      talk.send(Talk.execute("", 0), Talk.flush());
      assertThat(talk.answer()).endsWith("alive");
    }
    var record = both.record();
    GatewayFixture.await(() -> rowsOf(record).containsKey("select 'alive'"));
    long rowOfAlive = 1 + 4 + 2 + 4 + 5;
    assertThat(record.events())
        .filteredOn(SessionEvent.Outcome.class::isInstance)
        .extracting(event -> ((SessionEvent.Outcome) event).bytes())
        .last()
        .isEqualTo(rowOfAlive);
  }

  /// What returned rows in the newest session, and how many.
  private static Map<String, Long> rowsOf(FakeControlPlane record) {
    Map<Long, String> texts = new HashMap<>();
    Map<String, Long> rows = new HashMap<>();
    for (SessionEvent event : record.events()) {
      switch (event) {
        case SessionEvent.Opened _ -> {
          texts.clear();
          rows.clear();
        }
        case SessionEvent.Operation made -> texts.put(made.n(), record.text(made));
        case SessionEvent.Outcome outcome when outcome.units() > 0 ->
            rows.put(texts.getOrDefault(outcome.n(), "nothing"), outcome.units());
        default -> {}
      }
    }
    return rows;
  }

  /// What the answers before it do not settle, or where PostgreSQL 18 itself answers the next
  /// statement with an error.
  static Stream<Arguments> notAnswered() {
    return Stream.of(
        said("what is answered only with the Sync", Talk.parse("", "select 1"), query("select 2")),
        said(
            "an Execute",
            Talk.parse("", "select 'row'"),
            Talk.bind("", ""),
            Talk.execute("", 0),
            Talk.flush(),
            query("select 'query'")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notAnswered")
  void behindThisItIsAViolation(String what, List<byte[]> said) throws Exception {
    assertThat(both.ofGateway(said)).as(what).contains("E08P01").endsWith("closed");
  }

  @Test
  void behindAnExecuteThatFailedItIsSkipped() throws Exception {
    var said =
        List.of(
            Talk.parse("", "select 1 / count(*) from customers where false"),
            Talk.bind("", ""),
            Talk.execute("", 0),
            Talk.flush(),
            query("select 'query'"));
    assertThat(both.answer(said)).endsWith("E22012 alive");
  }
}
