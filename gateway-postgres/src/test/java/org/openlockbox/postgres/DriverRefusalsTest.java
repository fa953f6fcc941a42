package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/// Calls of a driver (pgjdbc) that are not passed on: the program gets an error with a next step,
/// and its session goes on.
class DriverRefusalsTest {
  private static final GatewayFixture FIXTURE = new GatewayFixture();

  @AfterAll
  static void nothingIsLeft() {
    FIXTURE.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&preferQueryMode=simple", "&preferQueryMode=extendedForPrepared"})
  void aCopyFromStdinThatIsExecutedLikeAQueryLeavesTheSessionAlive(String settings)
      throws SQLException {
    for (var access : List.of(FIXTURE.approved(Level.WRITE), FIXTURE.guarded(Level.WRITE))) {
      try (Connection connection = FIXTURE.connect(access, settings)) {
        for (String sql :
            List.of(
                "copy customers from stdin", "COPY customers (id, name) FROM STDIN (format csv)")) {
          assertThatThrownBy(() -> connection.createStatement().execute(sql))
              .isInstanceOf(PSQLException.class)
              .hasMessageContaining("use INSERT");
          assertThat(answer(connection, "select 1")).isEqualTo("1");
        }
        assertThat(answer(connection, "select count(*) from customers")).isEqualTo("10000");
      }
    }
  }

  @Test
  void aCopyWithinABatchFailsAlone() throws SQLException {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.WRITE))) {
      connection.setAutoCommit(false);
      assertThat(answer(connection, "update customers set name = 'x' where id = 2"))
          .isEqualTo("1 rows");
      assertThat(answer(connection, "copy customers from stdin")).isEqualTo("refused 0A000");
      assertThat(answer(connection, "select 1")).as("failed").isEqualTo("refused 25P02");
      connection.rollback();
      assertThat(answer(connection, "select name from customers where id = 2"))
          .isEqualTo("Customer 2");
    }
  }

  @Test
  void aTextThatNobodyReadsAndMayBeACopyIsRefusedToo() throws SQLException {
    try (Connection connection = FIXTURE.connect(FIXTURE.approved(Level.WRITE))) {
      assertThat(answer(connection, "copy customers from stdin with (no such syntax"))
          .isEqualTo("refused 0A000");
      assertThat(answer(connection, "select 'copy from stdin'")).isEqualTo("copy from stdin");
      assertThat(answer(connection, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void largeObjectsAreRefusedWithANextStepAndTheSessionGoesOn() throws SQLException {
    for (var access : List.of(FIXTURE.approved(Level.READ), FIXTURE.approved(Level.WRITE))) {
      try (Connection connection = FIXTURE.connect(access)) {
        connection.setAutoCommit(false);
        var objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
        assertThatThrownBy(objects::createLO)
            .isInstanceOfSatisfying(
                PSQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("0A000");
                  assertThat(e.getMessage()).contains("Large objects", "columns of tables");
                });
        connection.rollback();
        assertThat(answer(connection, "select 1")).isEqualTo("1");
      }
    }
    assertThat(FIXTURE.controlPlane.statements())
        .anyMatch(text -> text.startsWith("-- FunctionCall of function "));
  }
}
