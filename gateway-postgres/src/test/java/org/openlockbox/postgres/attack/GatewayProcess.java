package org.openlockbox.postgres.attack;

import java.io.IOException;
import java.time.InstantSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;

/// A gateway in a process of its own, for [MemoryTest]: says where it is and two logins, and goes
/// when its input ends.
final class GatewayProcess {
  private GatewayProcess() {}

  public static void main(String[] arguments) throws IOException {
    try (var fixture =
        new GatewayFixture(LiveSessions.SessionLimits.STANDARD, InstantSource.system())) {
      System.out.println(fixture.url());
      System.out.println(fixture.approved(Level.READ).user());
      System.out.println(fixture.approved(Level.READ).user());
      while (System.in.read() >= 0) {}
    }
    System.exit(0);
  }
}
