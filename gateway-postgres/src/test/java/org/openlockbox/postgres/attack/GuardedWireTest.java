package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.Wire;

/// A guarded session on the wire: what is refused is answered in its turn, whatever is sent before,
/// behind or around it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardedWireTest {
  private final GatewayFixture fixture = new GatewayFixture();

  @AfterAll
  void stop() {
    fixture.close();
  }

  private String heard(byte[]... said) throws SQLException, IOException {
    return heard(talk -> talk.answer(said));
  }

  private String heard(Function<Talk, String> conversation) throws SQLException, IOException {
    try (var connection = fixture.connect(fixture.guarded(Level.WRITE))) {
      return conversation.apply(new Talk(connection));
    }
  }

  @Test
  void pg055NoneOfSeveralStatementsRunsIfTheLastIsRefused() throws Exception {
    var sql = "update customers set name = 'x' where id = 4; listen a";
    var before = heard(Wire.query("select name from customers where id = 4"));
    assertThat(heard(Wire.query(sql))).isEqualTo("E42501 Z alive");
    assertThat(heard(Wire.query("select name from customers where id = 4"))).isEqualTo(before);
  }

  @Test
  void aRefusalStandsBetweenTheAnswersBeforeAndBehindIt() throws Exception {
    assertThat(heard(Wire.query("select 1"), Wire.query("listen a"), Wire.query("select 2")))
        .isEqualTo("T D:1 C Z E42501 Z T D:2 C Z alive");
  }

  @Test
  void aRefusedParseSkipsTheRestOfItsBatchAndLeavesNoName() throws Exception {
    assertThat(
            heard(
                Talk.parse("a", "select 1"),
                Talk.bind("", "a"),
                Talk.execute("", 0),
                Talk.parse("b", "listen a"),
                Talk.bind("", "b"),
                Talk.execute("", 0),
                Talk.sync(),
                Talk.bind("", "b"),
                Talk.execute("", 0),
                Talk.sync(),
                Talk.bind("", "a"),
                Talk.execute("", 0)))
        .isEqualTo("1 2 D:1 C E42501 Z E26000 Z 2 D:1 C alive");
  }

  @Test
  void aRefusalInATransactionFailsIt() throws Exception {
    assertThat(
            heard(
                Wire.query("begin; update customers set name = 'x' where id = 6"),
                Wire.query("listen a"),
                Wire.query("select 1"),
                Wire.query("listen a"),
                Wire.query("rollback")))
        .isEqualTo("C C Z E42501 Z E25P02 Z E42501 Z C Z alive");
  }

  @Test
  void anErrorOfAnEarlierStatementIsNotTakenForTheRefusal() throws Exception {
    assertThat(
            heard(
                Talk.parse("", "select 1 / 0"),
                Talk.bind("", ""),
                Talk.execute("", 0),
                Talk.parse("", "listen a"),
                Talk.sync(),
                Wire.query("listen a")))
        .isEqualTo("1 E22012 Z E42501 Z alive");
  }

  @Test
  void aLongTextHoldsItsOwnSessionOnly() throws Exception {
    var sql = "select " + "1 + ".repeat(3_000) + "1";
    assertThat(heard(Wire.query(sql), Wire.query("select 2")))
        .isEqualTo("T D:3001 C Z T D:2 C Z alive");
    assertThat(heard(Talk.parse("", sql), Talk.bind("", ""), Talk.execute("", 0)))
        .isEqualTo("1 2 D:3001 C alive");
  }

  @Test
  void thePreparedInSqlIsJudgedWhenItIsPrepared() throws Exception {
    assertThat(
            heard(
                Wire.query("prepare p as select 1"),
                Wire.query("prepare q as select pg_notify('a', 'b')"),
                Talk.bind("", "p"),
                Talk.execute("", 0),
                Talk.sync(),
                Talk.bind("", "q")))
        .isEqualTo("C Z E42501 Z 2 D:1 C Z E26000 alive");
  }
}
