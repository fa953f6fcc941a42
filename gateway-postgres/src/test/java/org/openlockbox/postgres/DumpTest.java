package org.openlockbox.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture.Access;
import org.openlockbox.postgres.testing.PgDump;
import org.openlockbox.postgres.testing.ProtectedDatabase;

/// pg_dump before a server of its own version: it is refused in both profiles by its first
/// statement, and told what exports instead.
class DumpTest {
  private static final PgDump PG_DUMP = PgDump.here();
  private static final ProtectedDatabase DATABASE = ProtectedDatabase.start(PG_DUMP.major());
  private static final GatewayFixture FIXTURE =
      new GatewayFixture(
          LiveSessions.SessionLimits.STANDARD, InstantSource.system(), DATABASE.catalogue());

  @AfterAll
  static void close() throws IOException {
    FIXTURE.close();
    DATABASE.close();
  }

  /// What it said, after it has failed.
  private static String dump(Access access, String... words) throws Exception {
    String target =
        "host=127.0.0.1 port=%d dbname=postgres user=%s sslmode=require"
            .formatted(FIXTURE.gateway.port(), access.user());
    var command = new ArrayList<>(List.of(PG_DUMP.program().toString(), "-w", "-d", target));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", GatewayFixture.PASSWORD);
    Process dumping = builder.start();
    String said = new String(dumping.getInputStream().readAllBytes(), UTF_8);
    assertThat(dumping.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(dumping.exitValue()).isEqualTo(1);
    return said;
  }

  private static void isRefused(String said) {
    assertThat(said)
        .contains("ERROR:  pg_dump exports nothing here", "HINT:  ", "\\copy (select ")
        .doesNotContain("guarded", "CREATE", "COPY ");
  }

  @Test
  void itIsRefusedInBothProfilesAtEveryLevelAndToldWhatExportsInstead() throws Exception {
    for (Level level : Level.values()) {
      isRefused(dump(FIXTURE.guarded(level), "--schema-only"));
      isRefused(dump(FIXTURE.approved(level), "--data-only", "--inserts"));
    }
    assertThat(statements())
        .hasSize(2 * Level.values().length)
        .allMatch(statement -> statement.refused().equals(Optional.of("setting")));
  }

  private static List<SessionEvent.Operation> statements() {
    return FIXTURE.controlPlane.events().stream()
        .filter(SessionEvent.Operation.class::isInstance)
        .map(SessionEvent.Operation.class::cast)
        .toList();
  }
}
