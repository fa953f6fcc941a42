package org.openlockbox.http.session;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.login.LoginLookups;
import org.openlockbox.gateway.login.WrongPasswords;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The live sessions over HTTP, by their tokens. The first request with a token opens its session,
/// by the same admission as everywhere; all others are part of it, on whatever connection. It ends
/// with the access, or after a time without a request; the next request is then admitted anew.
public final class HttpSessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpSessions.class);
  private static final long LOOK_SECONDS = 5;

  private final GatewayServices services;
  private final LoginLookups lookups;
  private final WrongPasswords wrong;
  private final Duration idle;
  private final Map<BearerToken, SessionSlot> slots = new ConcurrentHashMap<>();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("http-sessions").daemon().factory());

  /// @param idle how long a session goes on without a request
  public HttpSessions(GatewayServices services, Duration idle) {
    this.services = services;
    this.lookups = new LoginLookups(services.controlPlane());
    this.wrong = new WrongPasswords(LOG::warn, services.nanoTime());
    this.idle = idle;
    var _ = looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  /// Where a client calls from, and what it calls itself.
  public record ClientOrigin(InetAddress address, String application) {}

  /// What became of a token.
  public sealed interface LoginOutcome {
    record LoggedIn(HttpTraffic traffic) implements LoginOutcome {}

    /// Nobody has it.
    record UnknownToken() implements LoginOutcome {}

    /// It is known, and no session opens by it.
    record NotAdmitted(Deny why) implements LoginOutcome {}
  }

  /// Whoever waits for the same session waits here.
  private static final class SessionSlot {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpTraffic live;
  }

  /// The session of this token; opens it if there is none. May wait.
  public LoginOutcome enter(BearerToken token, ClientOrigin caller) {
    while (true) {
      SessionSlot slot = slots.computeIfAbsent(token, _ -> new SessionSlot());
      slot.lock.lock();
      try {
        HttpTraffic live = slot.live;
        if (live != null && live.isOpen()) {
          return new LoginOutcome.LoggedIn(live);
        }
        if (slots.get(token) == slot) {
          return opened(slot, token, caller);
        }
      } finally {
        slot.lock.unlock();
      }
    }
  }

  private LoginOutcome opened(SessionSlot slot, BearerToken token, ClientOrigin caller) {
    slot.live = null;
    try {
      LoginOutcome entry = login(token, caller);
      if (entry instanceof LoginOutcome.LoggedIn(HttpTraffic traffic)) {
        slot.live = traffic;
      }
      return entry;
    } finally {
      if (slot.live == null) {
        slots.remove(token, slot);
      }
    }
  }

  private LoginOutcome login(BearerToken token, ClientOrigin caller) {
    Optional<ConnectOffer> offer;
    try {
      offer = lookups.find(token.user());
    } catch (ControlPlane.NoReply e) {
      return new LoginOutcome.NotAdmitted(notNow(e.words()));
    }
    if (offer.isEmpty()) {
      return new LoginOutcome.UnknownToken();
    }
    ConnectStatement statement = ConnectCheck.parse(offer.get().envelope());
    if (!(statement.credential() instanceof Credential.Token(Hash digest))
        || !digest.equals(token.digest())) {
      wrong.note(offer.get(), token.user(), caller.address());
      return new LoginOutcome.UnknownToken();
    }
    String place = statement.resource().value();
    return switch (services.admission().decide(offer.get(), token.user(), place)) {
      case Deny deny -> new LoginOutcome.NotAdmitted(deny);
      case Permit permit -> open(permit, caller);
    };
  }

  private static Deny notNow(String message) {
    return new Deny(
        Deny.DenyReason.CANNOT_CHECK,
        message,
        "Nothing was opened. Try again in a moment; if it stays so, tell your platform team.");
  }

  private LoginOutcome open(Permit permit, ClientOrigin caller) {
    var client = new HttpClientSide(caller.address(), caller.application(), services.nanoTime());
    Optional<Deny> noRoom = services.sessions().open(permit, client);
    if (noRoom.isPresent()) {
      return new LoginOutcome.NotAdmitted(noRoom.get());
    }
    HttpTraffic traffic = client.traffic();
    if (traffic.isOpen()) {
      return new LoginOutcome.LoggedIn(traffic);
    }
    ClientNotice why = traffic.words().orElseGet(EndReason.NOT_OPENED::words);
    return new LoginOutcome.NotAdmitted(
        new Deny(Deny.DenyReason.CANNOT_CHECK, why.message(), why.hint()));
  }

  private void look() {
    slots.forEach(
        (token, slot) -> {
          HttpTraffic live = slot.live;
          if (live == null || !slot.lock.tryLock()) {
            return;
          }
          try {
            if (!live.isOpen()) {
              slots.remove(token, slot);
            } else if (live.isIdleFor(idle)) {
              live.parts().end().end(EndReason.CLIENT_LEFT, EndReason.CLIENT_LEFT.words());
            }
          } finally {
            slot.lock.unlock();
          }
        });
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
