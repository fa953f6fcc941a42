package org.openlockbox.postgres.end;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.testing.end.RemoteLease;
import org.openlockbox.postgres.GatewayFixture;

/// A gateway for PostgreSQL in a process of its own, which a
/// [org.openlockbox.gateway.testing.end.GatewayProcess] can stop and kill. Its lease comes from
/// somewhere else.
final class GatewayProgram {
  private static final Duration HOLD = Duration.ofSeconds(30);

  private GatewayProgram() {}

  public static void main(String[] arguments) throws IOException {
    var limits = new LiveSessions.SessionLimits(1_000, 500, HOLD, HOLD, 1L << 40);
    try (var fixture = new GatewayFixture(limits, InstantSource.system())) {
      var lease = new RemoteLease(Integer.parseInt(arguments[0]));
      fixture.controlPlane.leases(lease::ask);
      System.out.println(fixture.url());
      System.out.println(postmaster());
      var wishes = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
      for (String wish = wishes.readLine(); wish != null; wish = wishes.readLine()) {
        System.out.println(wish.equals("pause") ? lease.longestPauseNanos() : another(fixture));
      }
    }
    GatewayFixture.DATABASE.close();
    Runtime.getRuntime().halt(0);
  }

  private static String another(GatewayFixture fixture) {
    var access = fixture.approved(Level.READ);
    return access.asked().submission().id() + " " + access.user();
  }

  /// Whom to stop if this process is killed.
  private static String postmaster() {
    try (Connection superuser = GatewayFixture.DATABASE.superuser()) {
      return GatewayFixture.answer(
          superuser, "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
