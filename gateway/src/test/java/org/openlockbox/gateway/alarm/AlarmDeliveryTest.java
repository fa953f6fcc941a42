package org.openlockbox.gateway.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.controlplane.GatewayIdentity;
import org.openlockbox.gateway.resource.LogHead;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.testing.Await;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.gateway.testing.LogMemoryHere;

class AlarmDeliveryTest {
  private static final RequestId REQUEST = new RequestId("R-7K3F92QX4M");

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final FakeControlPlane controlPlane =
      new FakeControlPlane(
          acme, GatewayIdentity.starting(TenantFixture.GATEWAY, new SecureRandom()));

  /// A memory of logs whose next calls about alarms find no memory of the machine.
  private static final class ShortOfMemory implements LogMemory {
    private final LogMemory memory = new LogMemoryHere();
    private final AtomicInteger left = new AtomicInteger(2);

    private void step() {
      if (left.getAndDecrement() > 0) {
        throw new OutOfMemoryError("thrown by a test");
      }
    }

    @Override
    public RememberedLog of(TenantId tenant, RequestId request) {
      return memory.of(tenant, request);
    }

    @Override
    public boolean note(TenantId tenant, Optional<LogHead> before, LogHead now) {
      return memory.note(tenant, before, now);
    }

    @Override
    public void noteEnd(TenantId tenant, RequestId request, Instant until) {
      memory.noteEnd(tenant, request, until);
    }

    @Override
    public void raise(TenantId tenant, RequestId request, String problem) {
      step();
      memory.raise(tenant, request, problem);
    }

    @Override
    public void delivered(StoredAlarm alarm) {
      memory.delivered(alarm);
    }

    @Override
    public List<StoredAlarm> alarms() {
      step();
      return memory.alarms();
    }
  }

  @Test
  void aMomentWithoutMemoryKeepsNoCustomerFromBeingTold() {
    LogMemory memory = new ShortOfMemory();
    try (var alarms =
        new AlarmDelivery(
                TenantFixture.GATEWAY,
                controlPlane,
                Map.of(),
                _ -> Optional.of(memory),
                List.of(memory),
                InstantSource.system())
            .start()) {
      alarms.raise(acme.tenant(), REQUEST, "the log leaves out an end");
      Await.until(() -> !controlPlane.alarms().isEmpty());
    }
    assertThat(controlPlane.alarms()).containsExactly("the log leaves out an end");
  }
}
