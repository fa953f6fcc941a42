package org.openlockbox.gateway.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.gateway.fence.Helpdesk.answer;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Tables;

/// What keeps a role that cannot be removed is said: to the tenant in words of ours, to whoever
/// reads the gateway's log in the database's.
class KeptTest {
  private static final Helpdesk HELPDESK = Helpdesk.fenced("kept_test");
  private final SessionRoles roles = HELPDESK.roles("00000000000000aa");
  private final SessionRole role = Helpdesk.open(roles, "acme", Level.READ, Tables.ALL);

  @AfterEach
  void nothingKeepsItAnyMore() {
    assertThat(roles.close(role)).isEmpty();
    roles.close();
  }

  private static Kept.By by(Optional<Kept> kept) {
    return kept.orElseThrow().by();
  }

  @Test
  void whatItOwnsElsewhereIsCountedInTheLogAlone() throws SQLException {
    try (Connection elsewhere = Helpdesk.connect("postgres", "postgres")) {
      answer(elsewhere, "create table kept_by_this ()");
      answer(elsewhere, "alter table kept_by_this owner to " + role.name());
      try {
        var kept = roles.close(role);
        assertThat(by(kept)).isEqualTo(Kept.By.DEPENDENTS);
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
        assertThat(by(roles.close(role))).isEqualTo(Kept.By.BACKEND);
      } finally {
        signal("CONT", pid);
      }
    }
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
      assertThat(by(cut.close(role))).isEqualTo(Kept.By.SILENCE);
    }
    var stopped = HELPDESK.roles("00000000000000bb");
    stopped.close();
    assertThat(by(stopped.close(role))).isEqualTo(Kept.By.SILENCE);
  }

  @Test
  void aDatabaseThatSaysNo() {
    HELPDESK.asSuperuser("revoke execute on function lb.close_session from lockbox_gateway");
    try {
      var kept = roles.close(role);
      assertThat(by(kept)).isEqualTo(Kept.By.REFUSAL);
      assertThat(kept.orElseThrow().said()).contains("permission denied");
    } finally {
      HELPDESK.asSuperuser("grant execute on function lb.close_session to lockbox_gateway");
    }
  }
}
