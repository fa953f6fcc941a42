package org.openlockbox.http.resource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.openlockbox.gateway.resource.ProtectionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether an upstream can be reached, and refuses what comes without a good assertion if it takes
/// any ([CanaryCalls]): as of a few seconds ago. Of a service that takes none nothing more can be
/// seen: what keeps tenants and levels apart there are the routes.
///
/// The first look waits for the upstream; whoever looks later never does.
public final class UpstreamLook implements Supplier<ProtectionState> {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamLook.class);
  private static final Duration LASTS = Duration.ofSeconds(5);
  private static final Duration CANARIES_LAST = Duration.ofSeconds(60);
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /// Nobody knows that it refuses.
  private static final ProtectionState FAILED =
      new ProtectionState.Broken("look", "the look at it failed; the gateway's log says why");

  private final URI base;
  private final InetSocketAddress address;
  private final Optional<CanaryCalls> canaries;
  private final LongSupplier nanoTime;
  private ProtectionState seen = new ProtectionState.Unreachable("not looked at yet");
  private LookPhase phase = LookPhase.NOT_YET;
  private long lookedAt;
  private long refusedAt;
  private boolean refused;

  private enum LookPhase {
    NOT_YET,
    LOOKED,
    LOOKING
  }

  public UpstreamLook(URI base, Optional<CanaryCalls> canaries, LongSupplier nanoTime) {
    int usual = base.getScheme().equals("https") ? HTTPS : HTTP;
    this.base = base;
    this.address =
        InetSocketAddress.createUnresolved(
            base.getHost(), base.getPort() == -1 ? usual : base.getPort());
    this.canaries = canaries;
    this.nanoTime = nanoTime;
  }

  @Override
  public ProtectionState get() {
    synchronized (this) {
      switch (phase) {
        case NOT_YET -> renew();
        case LOOKED -> {
          if (nanoTime.getAsLong() - lookedAt >= LASTS.toNanos()) {
            var _ = Thread.ofVirtual().name("upstream-look").start(this::renew);
            phase = LookPhase.LOOKING; // which the thread, waiting for this lock, ends
          }
        }
        case LOOKING -> {}
      }
      return seen; // before a look that has just begun can change it
    }
  }

  /// Only one thread looks at a time.
  private void renew() {
    ProtectionState now = FAILED;
    try {
      now = look();
    } catch (RuntimeException | Error e) {
      LOG.warn("the look at {} failed: {}", base, e.toString());
    } finally {
      synchronized (this) {
        seen = now;
        lookedAt = nanoTime.getAsLong();
        phase = LookPhase.LOOKED;
      }
    }
  }

  private ProtectionState look() {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHostString(), address.getPort()),
          (int) WITHIN.toMillis());
    } catch (IOException e) {
      return unreachable(e);
    }
    return canaries.map(this::look).orElseGet(ProtectionState.Intact::new);
  }

  private ProtectionState look(CanaryCalls calls) {
    if (refused && nanoTime.getAsLong() - refusedAt < CANARIES_LAST.toNanos()) {
      return new ProtectionState.Intact();
    }
    if (!calls.canAsk(base)) {
      return new ProtectionState.Broken(
          "assertion",
          "no route to %s has the method GET, so nobody sees that it refuses".formatted(base));
    }
    try {
      Optional<CanaryCalls.CanaryAnswer> letIn = calls.letIn(base);
      refused = letIn.isEmpty();
      refusedAt = nanoTime.getAsLong();
      return letIn
          .<ProtectionState>map(
              answer ->
                  new ProtectionState.Broken(
                      "assertion",
                      "%s answers %d to a call with %s"
                          .formatted(answer.path(), answer.status(), answer.sent())))
          .orElseGet(ProtectionState.Intact::new);
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  private ProtectionState unreachable(IOException e) {
    return new ProtectionState.Unreachable(
        "%s: %s".formatted(address, Objects.requireNonNullElse(e.getMessage(), e.toString())));
  }
}
