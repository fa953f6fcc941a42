package org.openlockbox.http.session;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.login.TokenLogins;
import org.openlockbox.gateway.login.TokenLogins.TokenDecision;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.session.CallingClient;
import org.openlockbox.gateway.session.SessionSlots;
import org.openlockbox.http.resource.HttpPlace;

/// The live sessions over HTTP, by their tokens. The first request with a token opens its session,
/// by the same admission as everywhere; all others are part of it, on whatever connection.
public final class HttpSessions implements AutoCloseable {
  private static final Deny NOT_HTTP =
      new Deny(
          Deny.DenyReason.NOT_APPROVED,
          "this login is for a resource that is not reached over HTTP here",
          "Connect with what `lockbox connect` prints.");

  private final GatewayServices services;
  private final TokenLogins logins;
  private final SessionSlots<BearerToken, HttpTraffic> slots;
  private final RequestWaits waits = new RequestWaits();

  /// @param idle how long a session goes on without a request
  public HttpSessions(GatewayServices services, Duration idle) {
    this.services = services;
    this.logins = new TokenLogins(services);
    this.slots = new SessionSlots<>("http-sessions", idle);
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

  /// The session of this token; opens it if there is none. May wait.
  public LoginOutcome enter(BearerToken token, ClientOrigin caller) {
    return slots.enter(
        token, _ -> true, LoginOutcome.LoggedIn::new, keep -> login(token, caller, keep));
  }

  private LoginOutcome login(BearerToken token, ClientOrigin caller, Consumer<HttpTraffic> keep) {
    return switch (logins.decide(token, caller.address())) {
      case TokenDecision.NoSuchToken() -> new LoginOutcome.UnknownToken();
      case TokenDecision.TokenDenied(Deny why) -> new LoginOutcome.NotAdmitted(why);
      case TokenDecision.Admitted(Permit permit) when permit.protection() instanceof HttpPlace ->
          open(permit, caller, keep);
      case TokenDecision.Admitted _ -> new LoginOutcome.NotAdmitted(NOT_HTTP);
    };
  }

  private LoginOutcome open(Permit permit, ClientOrigin caller, Consumer<HttpTraffic> keep) {
    var client =
        new CallingClient<>(
            caller.address(),
            caller.application(),
            parts -> new HttpTraffic(parts, services.nanoTime(), waits));
    return switch (client.open(services.sessions(), permit)) {
      case CallingClient.SessionOpened<HttpTraffic>(HttpTraffic traffic) -> {
        keep.accept(traffic);
        yield new LoginOutcome.LoggedIn(traffic);
      }
      case CallingClient.SessionNotBegun<HttpTraffic>(Deny why) ->
          new LoginOutcome.NotAdmitted(why);
      case CallingClient.SessionEndedAtOnce<HttpTraffic> ended ->
          new LoginOutcome.NotAdmitted(ended.denial());
    };
  }

  @Override
  public void close() {
    slots.close();
    waits.close();
  }
}
