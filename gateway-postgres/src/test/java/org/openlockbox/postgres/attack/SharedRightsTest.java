package org.openlockbox.postgres.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.Answers;
import org.postgresql.util.PSQLException;

/// The role of a level is that of every customer's sessions, and each session acts for it. Nothing
/// in the database keeps a session from changing what that role gives by default, which would break
/// the fence for all.
class SharedRightsTest {
  private static final Target.Gateway GATEWAY = new Target.Gateway();

  @AfterAll
  static void nothingIsLeft() {
    GATEWAY.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void noSessionChangesThoseOfItsLevel(Level level) throws SQLException {
    String role = "lb_level_" + level.word();
    try (Connection session = GATEWAY.connect(level);
        var statement = session.createStatement()) {
      statement.execute("set default_transaction_read_only = off");
      for (String sql :
          List.of(
              "alter default privileges for role %s grant select on tables to public",
              "grant select on helpdesk.customers to public",
              "begin; alter default privileges for role %s grant select on tables to public; commit",
              "reassign owned by %s to current_user",
              "drop owned by %s")) {
        assertThatThrownBy(() -> statement.execute(sql.formatted(role)))
            .as(sql)
            .isInstanceOfSatisfying(
                PSQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("42501");
                  assertThat(e.getMessage()).contains("GRANT, REVOKE and the like");
                });
      }
      assertThat(Answers.last(session, "select 1")).isEqualTo("1");
    }
  }
}
