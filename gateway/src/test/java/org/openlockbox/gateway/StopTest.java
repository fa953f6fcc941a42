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

class StopTest {
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

  private void connect() throws Exception {
    var access = fixture.approved(Level.READ);
    for (int i = 0; i < SESSIONS; i++) {
      open.add(fixture.connect(access));
    }
  }
}
