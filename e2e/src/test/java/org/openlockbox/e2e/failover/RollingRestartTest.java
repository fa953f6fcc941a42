package org.openlockbox.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every server and every gateway is restarted, one after the other, behind a balancer, while
/// engineers come and go. Nobody is kept out, and no session ends but by its own program.
@Tag("slow")
class RollingRestartTest {
  private static final int SESSIONS = 24;
  private static final Duration WORK = Duration.ofSeconds(8);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(5);

  @Test
  void aRollingRestartEndsNoSessionThatIsGivenTheTime() throws Exception {
    try (var host = new BalancedHost("rolling");
        var crowd = new Crowd(List.of(host.grant("acme", "anna", 100)), SESSIONS, WORK)) {
      crowd.readsOn("the login");
      for (String server : List.of("lockbox-1", "lockbox-2")) {
        host.restartsServer(server);
        crowd.readsOn("a restart of " + server);
      }
      for (String gateway : List.of("gw-1", "gw-2")) {
        host.drains(gateway, "PT4M");
        host.stopsByItself(gateway, DRAINED_WITHIN)
            .says("the drained node stops with 0 open sessions");
        host.starts(gateway);
        crowd.readsOn("a restart of " + gateway);
      }
      crowd.leaves();
      // On a machine that is too slow for the lease, a gateway resets connections. It says so of
      // each.
      assertThat(crowd.faults()).as(host::story).hasSizeLessThanOrEqualTo(host.lapsedSessions());
      assertThat(crowd.visits()).isGreaterThan(2 * SESSIONS);
    }
  }
}
