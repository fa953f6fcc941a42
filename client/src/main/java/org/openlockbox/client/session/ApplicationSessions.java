package org.openlockbox.client.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.openlockbox.client.resource.ApplicationPlace;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.login.TokenLogins;
import org.openlockbox.gateway.login.TokenLogins.TokenDecision;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.session.CallingClient;
import org.openlockbox.gateway.session.SessionSlots;

/// The live sessions of the application, by the tokens of their engineers. The first call with a
/// token opens its session, by the same admission as in every gateway; all others are part of it.
public final class ApplicationSessions implements AutoCloseable {
  /// How many calls may wait for a login at once. Each takes a thread of the application, and
  /// strangers can begin one with any token.
  private static final int MOST_WAITING = 32;

  private static final AccessRefusal CROWDED =
      AccessRefusal.unavailable("too many logins are under way at once");

  private final GatewayServices services;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final TokenLogins logins;
  private final SessionSlots<BearerToken, ApplicationTraffic> slots;

  /// @param idle how long a session goes on without an action
  public ApplicationSessions(GatewayServices services, Duration idle) {
    this.services = services;
    this.logins = new TokenLogins(services);
    this.slots = new SessionSlots<>("application-sessions", idle);
  }

  /// What became of a token, inside.
  private sealed interface TokenEntry {
    record In(ApplicationTraffic traffic) implements TokenEntry {}

    record Out(AccessRefusal why) implements TokenEntry {}
  }

  /// The session of this token for the resource; opens it if there is none. May wait, unless many
  /// wait already: a session that is open is found all the same.
  public AccessOpening open(BearerToken token, ResourceId resource, CallOrigin from) {
    if (!room.tryAcquire()) {
      return live(token)
          .map(traffic -> opened(traffic, resource))
          .orElseGet(() -> new AccessOpening.RefusedAccess(CROWDED));
    }
    try {
      return entered(token, resource, from);
    } finally {
      room.release();
    }
  }

  private Optional<ApplicationTraffic> live(BearerToken token) {
    return slots
        .open()
        .filter(slot -> slot.key().equals(token))
        .map(SessionSlots.OpenSlot::session)
        .findFirst();
  }

  private AccessOpening entered(BearerToken token, ResourceId resource, CallOrigin from) {
    TokenEntry entry =
        slots.enter(
            token, _ -> true, TokenEntry.In::new, keep -> login(token, resource, from, keep));
    return switch (entry) {
      case TokenEntry.Out(AccessRefusal why) -> new AccessOpening.RefusedAccess(why);
      case TokenEntry.In(ApplicationTraffic traffic) -> opened(traffic, resource);
    };
  }

  private static AccessOpening opened(ApplicationTraffic traffic, ResourceId resource) {
    Permit permit = traffic.parts().permit();
    return permit.protection() instanceof ApplicationPlace place && place.id().equals(resource)
        ? new AccessOpening.OpenedAccess(new AccessSession(traffic, place.spec()))
        : new AccessOpening.RefusedAccess(elsewhere(permit));
  }

  private static AccessRefusal elsewhere(Permit permit) {
    return AccessRefusal.elsewhere("the resource " + permit.protection().id());
  }

  private TokenEntry login(
      BearerToken token, ResourceId resource, CallOrigin from, Consumer<ApplicationTraffic> keep) {
    return switch (logins.decide(token, from.address())) {
      case TokenDecision.NoSuchToken() -> new TokenEntry.Out(AccessRefusal.noSuchToken());
      case TokenDecision.TokenDenied(Deny why) -> new TokenEntry.Out(AccessRefusal.of(why));
      case TokenDecision.Admitted(Permit permit) when !permit.protection().id().equals(resource) ->
          new TokenEntry.Out(elsewhere(permit));
      case TokenDecision.Admitted(Permit permit) ->
          unkept(permit)
              .<TokenEntry>map(TokenEntry.Out::new)
              .orElseGet(() -> open(permit, from, keep));
    };
  }

  /// What approvers limited is not served without that limit.
  private static Optional<AccessRefusal> unkept(Permit permit) {
    return Limits.UNWRITTEN.widerIn(permit.terms().limits()).stream()
        .filter(limit -> !isKept(limit))
        .findFirst()
        .map(
            limit ->
                new AccessRefusal(
                    AccessRefusal.RefusalKind.FORBIDDEN,
                    "limit",
                    "this access has a limit that an application cannot keep: " + limit.label(),
                    "Ask with a new request that leaves this limit out."));
  }

  private static boolean isKept(Limit limit) {
    return switch (limit) {
      case ROW_BUDGET,
          BYTE_BUDGET,
          STATEMENT_TIMEOUT,
          IDLE_TIMEOUT,
          SESSIONS,
          HOURS,
          PROFILE,
          SOFT_END ->
          true;
      case TABLES, STATEMENTS -> false;
    };
  }

  private TokenEntry open(Permit permit, CallOrigin from, Consumer<ApplicationTraffic> keep) {
    var caller =
        new CallingClient<>(
            from.address(),
            from.program(),
            parts -> new ApplicationTraffic(parts, services.nanoTime()));
    return switch (caller.open(services.sessions(), permit)) {
      case CallingClient.SessionOpened<ApplicationTraffic>(ApplicationTraffic traffic) -> {
        keep.accept(traffic);
        yield new TokenEntry.In(traffic);
      }
      case CallingClient.SessionNotBegun<ApplicationTraffic>(Deny why) ->
          new TokenEntry.Out(AccessRefusal.of(why));
      case CallingClient.SessionEndedAtOnce<ApplicationTraffic>(ClientNotice why) ->
          new TokenEntry.Out(AccessRefusal.unavailable(why.message()));
    };
  }

  @Override
  public void close() {
    slots.close();
  }
}
