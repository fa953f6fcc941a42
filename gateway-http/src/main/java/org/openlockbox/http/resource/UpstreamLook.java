package org.openlockbox.http.resource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.openlockbox.gateway.resource.ProtectionState;

/// Whether an upstream can be reached, as of a few seconds ago. That is all that can be seen of a
/// service which knows nothing of us: what keeps tenants and levels apart are the routes.
public final class UpstreamLook implements Supplier<ProtectionState> {
  private static final Duration LASTS = Duration.ofSeconds(5);
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final InetSocketAddress address;
  private final LongSupplier nanoTime;
  private ProtectionState seen = new ProtectionState.Unreachable("not looked at yet");
  private long until;
  private boolean looked;

  public UpstreamLook(URI base, LongSupplier nanoTime) {
    int usual = base.getScheme().equals("https") ? HTTPS : HTTP;
    this.address =
        InetSocketAddress.createUnresolved(
            base.getHost(), base.getPort() == -1 ? usual : base.getPort());
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized ProtectionState get() {
    if (!looked || nanoTime.getAsLong() - until >= 0) {
      seen = look();
      looked = true;
      until = nanoTime.getAsLong() + LASTS.toNanos();
    }
    return seen;
  }

  private ProtectionState look() {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHostString(), address.getPort()),
          (int) WITHIN.toMillis());
      return new ProtectionState.Intact();
    } catch (IOException e) {
      return new ProtectionState.Unreachable(
          "%s: %s".formatted(address, Objects.requireNonNullElse(e.getMessage(), e.toString())));
    }
  }
}
