package org.openlockbox.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

class ConnectCheckTest {
  private final SettableClock clock = new SettableClock();
  private final TenantFixture acme = new TenantFixture("acme", 1, clock);

  @Test
  void theConnectStatementIsTheEngineersForThisGrantAndNow() {
    var asked = acme.ask(1);
    acme.approve(asked, "ann");
    var grant = acme.checked(asked).grant().orElseThrow();
    var now = clock.instant();
    assertThat(ConnectCheck.verify(grant, acme.connect(asked), now))
        .isInstanceOf(ConnectCheck.Valid.class);
    assertInvalid(grant, acme.connect(asked), now.plus(Duration.ofMinutes(10)));
    assertInvalid(grant, acme.connect(asked), now.minusMillis(1));
    assertInvalid(grant, acme.connect(asked), now.plus(Duration.ofMinutes(30)));
    var statement = acme.connectStatement(asked);
    assertInvalid(grant, statement.unsigned().signedBy(acme.key("ann")), now);
    assertInvalid(grant, acme.approval(asked, "ann"), now);
    assertInvalid(grant, acme.connect(acme.ask(1)), now);
    var longer = new Window(now, now.plus(Duration.ofMinutes(31)));
    var outlives =
        new ConnectStatement(
            statement.tenant(),
            statement.request(),
            statement.resource(),
            statement.engineer(),
            statement.user(),
            statement.scram(),
            longer,
            statement.nonce());
    assertInvalid(grant, outlives.unsigned().signedBy(acme.key("engineer")), now);
  }

  private static void assertInvalid(ProvenGrant grant, Envelope connect, Instant now) {
    assertThat(ConnectCheck.verify(grant, connect, now)).isInstanceOf(ConnectCheck.Invalid.class);
  }
}
