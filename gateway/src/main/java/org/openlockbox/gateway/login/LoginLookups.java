package org.openlockbox.gateway.login;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;

/// Asks the control plane for the logins that strangers name: a few at once, in the order they
/// came. Each costs its database a connection, and those are for what is recorded too.
public final class LoginLookups {
  static final int AT_ONCE = 8;
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final ControlPlane controlPlane;
  private final Semaphore room = new Semaphore(AT_ONCE, true);

  public LoginLookups(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /// What the control plane offers to this user, if it knows the name.
  ///
  /// @throws ControlPlane.NoReply also if too many wait
  public Optional<ConnectOffer> find(String user) {
    return lookedUp(() -> controlPlane.connect(user));
  }

  /// The logins for a tenant's part of a resource, the newest first.
  ///
  /// @throws ControlPlane.NoReply also if too many wait
  public List<ConnectOffer> findAll(TenantId tenant, ResourceId resource) {
    return lookedUp(() -> controlPlane.connects(tenant, resource));
  }

  private <T> T lookedUp(Supplier<T> question) {
    if (!isLetIn()) {
      throw new ControlPlane.NoReply("too many logins are looked up at once");
    }
    try {
      return question.get();
    } finally {
      room.release();
    }
  }

  private boolean isLetIn() {
    try {
      return room.tryAcquire(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
