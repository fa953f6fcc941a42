package org.openlockbox.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;

class PerGrantTest {
  private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock(START);
  private final PerGrant<Object> things = new PerGrant<>(clock);

  private Object of(RequestId request, Instant over) {
    return of("acme", request, over);
  }

  private Object of(String tenant, RequestId request, Instant over) {
    return things.of(new PerGrant.RequestKey(new TenantId(tenant), request), over, Object::new);
  }

  /// That many more accesses come, each for an hour, one every second.
  private void comeMore(int many) {
    for (int i = 0; i < many; i++) {
      clock.set(clock.instant().plusSeconds(1));
      of(RequestId.random(random), clock.instant().plus(Duration.ofHours(1)));
    }
  }

  @Test
  void whatAnAccessHasIsKeptForADayAfterItsEndWhateverElseComes() {
    RequestId access = RequestId.random(random);
    Instant over = START.plus(Duration.ofHours(4));
    Object thing = of(access, over);
    comeMore((int) Duration.ofHours(28).toSeconds());
    assertThat(of(access, over)).isSameAs(thing);
    comeMore((int) Duration.ofDays(3).toSeconds());
    assertThat(of(access, over)).isNotSameAs(thing);
  }

  @Test
  void twoTenantsShareNothingThoughTheirRequestsHaveOneId() {
    RequestId request = RequestId.random(random);
    assertThat(of("globex", request, START)).isNotSameAs(of("acme", request, START));
  }

  @Test
  void thoseOfAccessesThatAreLongOverDoNotGather() {
    comeMore((int) Duration.ofDays(5).toSeconds());
    assertThat(things.size()).isLessThan(2 * (int) Duration.ofHours(26).toSeconds());
  }
}
