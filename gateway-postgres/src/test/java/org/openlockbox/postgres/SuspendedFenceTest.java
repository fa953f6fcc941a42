package org.openlockbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.postgres.GatewayFixture.answer;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.postgres.catalogue.ResourceSpec;
import org.openlockbox.postgres.fence.FencePlan;
import org.openlockbox.postgres.fence.FenceSuspension;
import org.openlockbox.postgres.schema.DatabaseSchema;

/// What engineers notice of a migration of the application: their sessions end, and logins say why.
class SuspendedFenceTest {
  private final GatewayFixture fixture = new GatewayFixture();
  private final ResourceSpec spec = GatewayFixture.DATABASE.catalogue().resources().getFirst();

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
    assertThat(GatewayFixture.sessionRoles()).isZero();
  }

  @Test
  void sessionsEndAndLoginsSayThatAMigrationRuns() throws SQLException {
    var access = fixture.approved(Level.WRITE);
    try (Connection superuser = GatewayFixture.DATABASE.superuser()) {
      try (Connection session = fixture.connect(access)) {
        assertThat(answer(session, "select count(*) from customers")).isEqualTo("10000");
        assertThat(answer(superuser, FenceSuspension.suspend(spec))).doesNotContain("refused");
        try {
          assertThat(answer(session, "select count(*) from customers")).isEqualTo("refused 57P01");
          GatewayFixture.await(
              () -> refusal(access).contains("suspended for a migration since 20"));
          assertThat(refusal(access)).contains("Connect again when the migration is over");
          assertThat(answer(superuser, "alter table customers alter column name type varchar(99)"))
              .isEqualTo("0 rows");
        } finally {
          resume(superuser);
        }
      }
      GatewayFixture.await(() -> refusal(access).isEmpty());
      try (Connection again = fixture.connect(access)) {
        assertThat(answer(again, "select count(*) from customers")).isEqualTo("10000");
      }
    }
    assertThat(fixture.controlPlane.events())
        .filteredOn(SessionEvent.Closed.class::isInstance)
        .first()
        .extracting(closed -> ((SessionEvent.Closed) closed).reason().toString())
        .asString()
        .isIn("database-left", "fence-drifted");
  }

  private void resume(Connection superuser) throws SQLException {
    var suspension = FenceSuspension.read(superuser).orElseThrow();
    var plan = FencePlan.resuming(spec, DatabaseSchema.read(superuser, spec), suspension);
    assertThat(answer(superuser, ((FencePlan.Applicable) plan).sql())).doesNotContain("refused");
  }

  private String refusal(GatewayFixture.Access access) {
    try {
      fixture.connect(access).close();
      return "";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
