package org.openlockbox.gateway.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.clock.Clocks;
import org.openlockbox.gateway.testing.FakeControlPlane;

class LeaseTest {
  private final Clocks clocks =
      new Clocks(InstantSource.system(), System::nanoTime, System::nanoTime);
  private final FakeControlPlane controlPlane =
      new FakeControlPlane(
          new TenantFixture("acme", 1, new SettableClock(SettableClock.START)),
          GatewayIdentity.starting(TenantFixture.GATEWAY, new SecureRandom()));
  private final List<Boolean> allowed = new ArrayList<>();

  private boolean allows(Lease lease) {
    return lease.newest().mayRelease(clocks.read());
  }

  /// Hears what an answer says, before the lease is there to be asked.
  private final class Heeding implements Lease.Listener {
    private @Nullable Lease lease;

    @Override
    public void renewed(LeaseAnswer answer) {
      if (allowed.isEmpty()) {
        allowed.add(allows(Objects.requireNonNull(lease)));
      }
    }
  }

  @Test
  void whatAnAnswerSaysIsInForceBeforeItAllowsAnything() {
    var heeding = new Heeding();
    try (Lease lease = new Lease(controlPlane, List::of, heeding, clocks)) {
      heeding.lease = lease;
      lease.start();
      assertThat(allowed).containsExactly(false);
      assertThat(allows(lease)).isTrue();
    }
  }

  @Test
  void anAnswerThatCannotBePutInForceAllowsNothing() {
    Lease.Listener failing =
        answer -> {
          throw new IllegalStateException("a session does not end");
        };
    try (Lease lease = new Lease(controlPlane, List::of, failing, clocks)) {
      lease.start();
      assertThat(allows(lease)).isFalse();
    }
  }

  @Test
  void afterTheEndNothingIsAllowed() {
    Lease lease = new Lease(controlPlane, List::of, answer -> {}, clocks).start();
    assertThat(allows(lease)).isTrue();
    lease.close();
    assertThat(allows(lease)).isFalse();
  }
}
