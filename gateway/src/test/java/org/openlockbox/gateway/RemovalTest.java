package org.openlockbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.gateway.GatewayFixture.answer;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.evidence.SessionEvent;

/// What is left of sessions in the database when they have ended: nothing.
class RemovalTest {
  private static final int SESSIONS = 40;

  private final GatewayFixture fixture = new GatewayFixture(Duration.ofSeconds(2));
  private final List<Connection> open = new ArrayList<>();

  /// Four roles are removed at a time, each in a second: more than the eight seconds within which
  /// the next one has to go.
  @Test
  void aStoppingGatewayRemovesEveryRoleHoweverManyTheyAre() throws Exception {
    try (var superuser = GatewayFixture.DATABASE.superuser()) {
      connect();
      answer(
          superuser,
          """
          create function public.slow() returns trigger language plpgsql security definer
          as 'begin perform pg_sleep(1); return old; end'
          """);
      answer(
          superuser,
          "create trigger slow before delete on lb.binding for each row execute function slow()");
      try {
        fixture.close();
      } finally {
        answer(superuser, "drop function public.slow() cascade");
      }
    } finally {
      for (Connection each : open) {
        each.abort(Runnable::run);
      }
    }
    assertThat(GatewayFixture.sessionRoles()).isZero();
    assertThat(fixture.controlPlane.events())
        .filteredOn(SessionEvent.Closed.class::isInstance)
        .hasSize(SESSIONS);
  }

  /// PostgreSQL does not heed its termination while it sends an error.
  @Test
  void aBackendWhoseErrorNobodyTakesGoesToo() throws Exception {
    var access = fixture.approved(Level.READ);
    open.add(fixture.connect(access));
    byte[] asked = Wire.query("select cast(repeat('x', 1000000) as integer)");
    for (int i = 0; i < 20; i++) {
      Wire.of(open.getFirst()).write(asked);
    }
    GatewayFixture.await(RemovalTest::sends);
    fixture.controlPlane.end(access.asked().submission().id());
    GatewayFixture.await(() -> GatewayFixture.sessionRoles() == 0);
    open.getFirst().abort(Runnable::run);
    fixture.close();
  }

  private static boolean sends() {
    return GatewayFixture.DATABASE.count(
            "select count(*) from pg_stat_activity where usename like 'lb\\_s\\_%' and wait_event = 'ClientWrite'")
        == 1;
  }

  private void connect() throws Exception {
    var access = fixture.approved(Level.READ);
    for (int i = 0; i < SESSIONS; i++) {
      open.add(fixture.connect(access));
    }
  }
}
