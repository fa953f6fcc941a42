package org.openlockbox.check.session;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.session.Client;
import org.openlockbox.gateway.session.SessionParts;

/// A caller that asks on behalf of an engineer.
final class CheckClient implements Client {
  private final CheckOrigin origin;
  private final LongSupplier nanoTime;
  private final AtomicReference<@Nullable CheckTraffic> traffic = new AtomicReference<>();

  CheckClient(CheckOrigin origin, LongSupplier nanoTime) {
    this.origin = origin;
    this.nanoTime = nanoTime;
  }

  @Override
  public InetAddress address() {
    return origin.address();
  }

  @Override
  public String application() {
    return "asked by " + origin.caller().name();
  }

  @Override
  public void wake() {
    CheckTraffic made = traffic.get();
    if (made != null) {
      made.wake();
    }
  }

  @Override
  public CheckTraffic traffic(SessionParts parts) {
    CheckTraffic made = new CheckTraffic(parts, nanoTime);
    traffic.set(made);
    return made;
  }

  CheckTraffic traffic() {
    CheckTraffic made = traffic.get();
    if (made == null) {
      throw new IllegalStateException("the session has no traffic yet");
    }
    return made;
  }
}
