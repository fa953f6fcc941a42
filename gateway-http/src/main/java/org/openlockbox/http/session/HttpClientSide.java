package org.openlockbox.http.session;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.openlockbox.gateway.session.Client;
import org.openlockbox.gateway.session.SessionParts;

/// An engineer's client that was let in. Its requests look by themselves at what has to wait.
final class HttpClientSide implements Client {
  private final InetAddress address;
  private final String application;
  private final LongSupplier nanoTime;
  private final RequestWaits waits;
  private final AtomicReference<@Nullable HttpTraffic> traffic = new AtomicReference<>();

  HttpClientSide(
      InetAddress address, String application, LongSupplier nanoTime, RequestWaits waits) {
    this.address = address;
    this.application = application;
    this.nanoTime = nanoTime;
    this.waits = waits;
  }

  @Override
  public InetAddress address() {
    return address;
  }

  @Override
  public String application() {
    return application;
  }

  @Override
  public void wake() {
    HttpTraffic made = traffic.get();
    if (made != null) {
      made.wake();
    }
  }

  @Override
  public HttpTraffic traffic(SessionParts parts) {
    HttpTraffic made = new HttpTraffic(parts, nanoTime, waits);
    traffic.set(made);
    return made;
  }

  HttpTraffic traffic() {
    HttpTraffic made = traffic.get();
    if (made == null) {
      throw new IllegalStateException("the session has no traffic yet");
    }
    return made;
  }
}
