package org.openlockbox.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.openlockbox.postgres.fence.Helpdesk.answer;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.postgres.fence.Helpdesk;

/// What keeps a role that cannot be removed is said: to the tenant in words of ours, to whoever
/// reads the gateway's log in the database's.
class RemovalObstacleTest {
  private static final String OPENING =
      """
      select lb.open_session('lb_s_0123456789abcdef0123456789abcdef',
        'SCRAM-SHA-256$4096:' || repeat('A', 24) || '$' || repeat('A', 43) || '=:' || repeat('A', 43) || '=',
        '1', 'masked', now() + '5min', 's')
      """;
  private static final Helpdesk HELPDESK = Helpdesk.fenced("kept_test");
  private final SessionRoles roles = HELPDESK.roles("00000000000000aa");
  private final SessionRole role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);

  @AfterEach
  void nothingKeepsItAnyMore() {
    assertThat(roles.close(role)).isEmpty();
    roles.close();
  }

  private static RemovalObstacle.ObstacleKind by(Optional<RemovalObstacle> kept) {
    return kept.orElseThrow().by();
  }

  @Test
  void whatItOwnsElsewhereIsCountedInTheLogAlone() throws SQLException {
    try (Connection elsewhere = Helpdesk.connect("postgres", "postgres")) {
      answer(elsewhere, "create table kept_by_this ()");
      answer(elsewhere, "alter table kept_by_this owner to " + role.name());
      try {
        var kept = roles.close(role);
        assertThat(by(kept)).isEqualTo(RemovalObstacle.ObstacleKind.DEPENDENTS);
        assertThat(kept.orElseThrow().said())
            .contains("1 object in database postgres")
            .doesNotContain("\n");
      } finally {
        answer(elsewhere, "drop table kept_by_this");
      }
    }
  }

  @Test
  void aBackendThatDoesNotHeedItsTermination() throws Exception {
    try (Connection session = HELPDESK.as(role)) {
      String pid = answer(session, "select pg_backend_pid()");
      signal("STOP", pid);
      try {
        assertThat(by(roles.close(role))).isEqualTo(RemovalObstacle.ObstacleKind.BACKEND);
      } finally {
        signal("CONT", pid);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "SILENCE,none", "SILENCE,''", "SILENCE,0", "SILENCE,08006", "SILENCE,57P01",
        "SILENCE,28P01", "SILENCE,3D000", "PRESSURE,57014", "PRESSURE,55P03", "PRESSURE,40P01",
        "PRESSURE,53300", "DEPENDENTS,2BP01", "REFUSAL,42501", "REFUSAL,25006", "REFUSAL,XX000"
      })
  void theCauseGoesByTheSqlState(RemovalObstacle.ObstacleKind by, @Nullable String state) {
    assertThat(RemovalObstacle.of(new SQLException("no", state)).by()).isEqualTo(by);
  }

  /// The statement that makes a role has the verifier of its password in it.
  @Test
  void whatTheDatabaseSaidIsOneLineWithoutTheStatementsThatItQuotes() {
    HELPDESK.asSuperuser("alter role lb_definer nocreaterole");
    try (Connection gateway = HELPDESK.as("lockbox_gateway");
        var opening = gateway.createStatement()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> opening.execute(OPENING))
          .satisfies(
              e -> {
                assertThat(e.getMessage()).contains("\n", "SCRAM-SHA-256$");
                assertThat(DatabaseErrorText.of(e).line())
                    .contains("permission denied to create role")
                    .doesNotContain("\n", "SCRAM-SHA-256$");
              });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      HELPDESK.asSuperuser("alter role lb_definer createrole");
    }
    assertThat(
            DatabaseErrorText.of(new SQLException("a\r\n\u0085\u2028\u202eb" + "c".repeat(2_000)))
                .line())
        .startsWith("a bc")
        .hasSize(1_001);
  }

  private static void signal(String name, String pid) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("sh", "-c", "kill -%s %s".formatted(name, pid)).inheritIO();
    assertThat(kill.start().waitFor()).isZero();
  }

  @Test
  void aDatabaseThatCannotBeAsked() {
    AdminConnections dead =
        () -> {
          throw new SQLException("connection refused", "08001");
        };
    try (var cut = HELPDESK.roles("00000000000000bb", dead)) {
      assertThat(by(cut.close(role))).isEqualTo(RemovalObstacle.ObstacleKind.SILENCE);
    }
    var stopped = HELPDESK.roles("00000000000000bb");
    stopped.close();
    assertThat(by(stopped.close(role))).isEqualTo(RemovalObstacle.ObstacleKind.SILENCE);
  }

  @Test
  void aDatabaseThatSaysNo() {
    HELPDESK.asSuperuser("revoke execute on function lb.close_session from lockbox_gateway");
    try {
      var kept = roles.close(role);
      assertThat(by(kept)).isEqualTo(RemovalObstacle.ObstacleKind.REFUSAL);
      assertThat(kept.orElseThrow().said()).contains("permission denied");
    } finally {
      HELPDESK.asSuperuser("grant execute on function lb.close_session to lockbox_gateway");
    }
  }
}
