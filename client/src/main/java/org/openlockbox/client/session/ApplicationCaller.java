package org.openlockbox.client.session;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.session.Client;
import org.openlockbox.gateway.session.SessionParts;

/// An engineer whom the application has let in.
final class ApplicationCaller implements Client {
  private final CallOrigin origin;
  private final LongSupplier nanoTime;
  private final AtomicReference<@Nullable ApplicationTraffic> traffic = new AtomicReference<>();

  ApplicationCaller(CallOrigin origin, LongSupplier nanoTime) {
    this.origin = origin;
    this.nanoTime = nanoTime;
  }

  @Override
  public InetAddress address() {
    return origin.address();
  }

  @Override
  public String application() {
    return origin.program();
  }

  @Override
  public void wake() {
    ApplicationTraffic made = traffic.get();
    if (made != null) {
      made.wake();
    }
  }

  @Override
  public ApplicationTraffic traffic(SessionParts parts) {
    ApplicationTraffic made = new ApplicationTraffic(parts, nanoTime);
    traffic.set(made);
    return made;
  }

  ApplicationTraffic traffic() {
    ApplicationTraffic made = traffic.get();
    if (made == null) {
      throw new IllegalStateException("the session has no traffic yet");
    }
    return made;
  }
}
