package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.Wire.query;
import static org.openlockbox.postgres.attack.BothSides.said;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The unnamed portal is the one that a Bind has made, or none. PostgreSQL keeps that of a simple
/// query which failed within a transaction, and whoever executes it reads memory that is used
/// otherwise by then: that crashes the server, for all its users.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnnamedPortalTest {
  private final BothSides both = new BothSides();

  UnnamedPortalTest() throws IOException {}

  @AfterAll
  void stop() throws IOException {
    both.close();
  }

  /// Directly the database says 25P02 or 55000 here, by what it reads in freed memory, or crashes;
  /// so this is not compared with it.
  @Test
  void behindAQueryThatFailedInATransactionThereIsNone() throws Exception {
    var said =
        List.of(
            query("begin"),
            query("select 1/0"),
            query("rollback to nothing"),
            Talk.execute("", 0),
            Talk.sync(),
            Talk.execute("", 0),
            Talk.sync(),
            query("rollback"));
    assertThat(both.ofGateway(said)).isEqualTo("C Z E22012 Z E3B001 Z E34000 Z E34000 Z C Z alive");
  }

  /// Also not the one that was bound before that query: the database has kept it where the query
  /// failed before it had a portal of its own, which nobody else can tell.
  @Test
  void aQueryThatFailedTakesTheOneThatWasBoundBefore() throws Exception {
    var said =
        List.of(
            query("begin"),
            Talk.parse("a", "select 'a' from generate_series(1, 3)"),
            Talk.bind("", "a"),
            Talk.execute("", 1),
            Talk.sync(),
            query("select 1/0"),
            Talk.execute("", 1),
            Talk.sync(),
            query("rollback"));
    assertThat(both.ofGateway(said)).isEqualTo("C Z 1 2 D:a s Z E22012 Z E34000 Z C Z alive");
  }

  static Stream<Arguments> ofNone() {
    return Stream.of(
        said("an Execute of none", Talk.execute("", 0)),
        said("a Describe of none", Talk.describe('P', "")),
        said(
            "one that was closed",
            Talk.parse("", "select 'a'"),
            Talk.bind("", ""),
            Talk.close('P', ""),
            Talk.execute("", 0)),
        said(
            "behind a query that did not fail",
            query("begin"),
            query("select 'query'"),
            Talk.execute("", 0),
            Talk.sync(),
            query("rollback")));
  }

  static Stream<Arguments> inParts() {
    return Stream.of(
        said(
            "one that is fetched in parts, while SQL makes another name",
            query("begin"),
            Talk.parse("a", "select 'a' from generate_series(1, 3)"),
            Talk.bind("", "a"),
            Talk.execute("", 1),
            Talk.parse("b", "prepare c as select 'c'"),
            Talk.bind("p", "b"),
            Talk.execute("p", 0),
            Talk.execute("", 1),
            Talk.sync(),
            Talk.execute("", 0),
            Talk.sync(),
            query("rollback")),
        said(
            "one that is fetched in parts, with a query between that holds nothing",
            query("begin"),
            Talk.parse("a", "select 'a' from generate_series(1, 3)"),
            Talk.bind("", "a"),
            Talk.execute("", 1),
            Talk.sync(),
            query(" ; -- nothing"),
            Talk.execute("", 0),
            Talk.sync(),
            query("rollback")),
        said(
            "one whose statement fails in its middle",
            query("begin"),
            Talk.parse("", "select 1 / (2 - g) from generate_series(1, 3) g"),
            Talk.bind("", ""),
            Talk.execute("", 1),
            Talk.sync(),
            Talk.execute("", 0),
            Talk.sync(),
            Talk.execute("", 0),
            Talk.sync(),
            query("rollback")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"ofNone", "inParts"})
  void elseItIsAnsweredAsTheDatabaseAnswers(String what, List<byte[]> said) throws Exception {
    assertThat(both.answer(said)).as(what).endsWith("alive");
  }
}
