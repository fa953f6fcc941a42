package org.openlockbox.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.SocketStates;
import org.openlockbox.gateway.login.ConnectionLimit;
import org.openlockbox.gateway.login.Listener;
import org.openlockbox.gateway.login.LoginLookups;
import org.openlockbox.gateway.login.LoginProgress;
import org.openlockbox.gateway.login.WrongPasswords;
import org.openlockbox.gateway.metrics.GatewayMeters;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.gateway.trace.TracedStep;
import org.openlockbox.postgres.database.SessionRoles;
import org.openlockbox.postgres.login.ClientLink;
import org.openlockbox.postgres.login.ScramServer;
import org.openlockbox.postgres.login.ScramVerifier;
import org.openlockbox.postgres.login.StartupNegotiation;
import org.openlockbox.postgres.wire.CancelKey;
import org.openlockbox.postgres.wire.PgError;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.StartupMessage;
import org.openlockbox.postgres.wire.WireViolation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives one connection: encryption, login, admission, session. Who does not know the password
/// learns nothing, not even whether the user exists; who does is told why a door stays shut.
final class LoginHandler implements Listener.ConnectionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(LoginHandler.class);
  private static final PgError TOO_MANY =
      PgError.fatal(
          GatewayErrors.TOO_MANY_CONNECTIONS,
          "too many sessions at once",
          "Connect again in a moment.");

  private static final PgError CANNOT_READ =
      PgError.fatal(
          PgError.CANNOT_CONNECT_NOW,
          "this access is guarded, and this gateway cannot read statements",
          "Tell your platform team: the gateway's host needs the packages gcc, libc6-dev and"
              + " libpg-query-dev, and a new build.");
  private static final PgError NO_DATABASE =
      PgError.fatal(
          PgError.NOT_APPROVED,
          "this access is not for a PostgreSQL database",
          "Connect with what `lockbox connect` prints.");

  private volatile ShownIdentity shown;
  private final LoginLookups lookups;
  private final GatewayServices services;
  private final LiveSessions sessions;
  private final GatewayMeters meters;
  private final TrafficEnvironment setting;
  private final ConnectionLimit<RequestId> entering;
  private final WrongPasswords wrongPasswords;
  private final WrongCancelKeys wrongCancelKeys;

  /// @param entering those who know a password and wait for admission, which may have to ask others
  ///   first; each holds a thread
  LoginHandler(
      ShownIdentity shown,
      GatewayServices services,
      TrafficEnvironment setting,
      ConnectionLimit<RequestId> entering) {
    this.shown = shown;
    this.lookups = new LoginLookups(services.controlPlane());
    this.services = services;
    this.sessions = services.sessions();
    this.meters = services.meters();
    this.setting = setting;
    this.entering = entering;
    this.wrongCancelKeys = new WrongCancelKeys(LOG::warn, services.nanoTime());
    this.wrongPasswords = new WrongPasswords(LOG::warn, services.nanoTime());
  }

  /// What clients are shown: one certificate, for TLS and for the binding of passwords to it.
  record ShownIdentity(StartupNegotiation doorway, ScramServer scram) {}

  /// Who logs in from where, and to which certificate their password is bound.
  private record LoginOrigin(InetAddress address, ScramServer scram) {}

  /// Those who come from now on are shown this.
  void show(ShownIdentity next) {
    shown = next;
  }

  @Override
  public boolean receive(Socket socket, LoginProgress login) throws IOException {
    ShownIdentity own = shown;
    Optional<StartupNegotiation.StartupResult> arrival = own.doorway().open(socket, login::heard);
    if (arrival.isEmpty()) {
      return false;
    }
    return switch (arrival.get()) {
      case StartupNegotiation.StartupResult.CancelRequest(var key) -> {
        cancel(key, login.address());
        yield false;
      }
      case StartupNegotiation.StartupResult.LoginRequest(ClientLink link, StartupMessage startup) ->
          logIn(link, startup, new LoginOrigin(login.address(), own.scram()), login);
    };
  }

  private void cancel(CancelKey key, InetAddress from) {
    boolean isRight =
        wrongCancelKeys.mayTry(from)
            ? setting.cancelKeys().cancel(key)
            : setting.cancelKeys().cancelFrom(from, key);
    if (!isRight) {
      wrongCancelKeys.note(from);
    }
  }

  /// Whether a session has taken the connection over.
  private boolean logIn(
      ClientLink link, StartupMessage startup, LoginOrigin from, LoginProgress login)
      throws IOException {
    try {
      if (startup.needsNegotiation()) {
        link.send(ServerMessages.negotiateVersion(startup));
      }
      login.served();
      Optional<ConnectOffer> offer = lookups.find(startup.user());
      login.heard();
      Optional<ScramVerifier> verifier = offer.flatMap(o -> verifier(o, startup.user()));
      if (!from.scram().authenticate(link, startup.user(), verifier)) {
        if (verifier.isPresent()) {
          wrongPasswords.note(offer.orElseThrow(), startup.user(), from.address());
        }
        meters.loginRefused("wrong_password");
        return refuse(link, wrongPassword(startup.user()));
      }
      login.over();
      return admit(link, startup, from.address(), offer.orElseThrow());
    } catch (ControlPlane.NoReply e) {
      LOG.warn("a login cannot be checked: {}", e.getMessage());
      meters.loginRefused(Deny.DenyReason.CANNOT_CHECK);
      return refuse(
          link, PgError.fatal(PgError.CANNOT_CONNECT_NOW, e.words(), "Try again in a moment."));
    } catch (WireViolation e) {
      return refuse(link, e.error());
    }
  }

  /// The verifier in the connect statement. Unchecked so far: admission checks the signature over
  /// it before anything opens.
  private static Optional<ScramVerifier> verifier(ConnectOffer offer, String user) {
    try {
      ConnectStatement statement = ConnectCheck.parse(offer.envelope());
      if (!statement.user().equals(user)
          || !(statement.credential() instanceof Credential.Scram scram)) {
        return Optional.empty();
      }
      return Optional.of(
          new ScramVerifier(
              scram.iterations(),
              scram.salt().toArray(),
              scram.storedKey().toArray(),
              scram.serverKey().toArray()));
    } catch (MalformedJson | IllegalArgumentException e) {
      LOG.warn("the connect statement for {} is malformed: {}", user, e.getMessage());
      return Optional.empty();
    }
  }

  private boolean admit(
      ClientLink link, StartupMessage startup, InetAddress from, ConnectOffer offer)
      throws IOException {
    if (!entering.enter(offer.request())) {
      meters.loginRefused(Deny.DenyReason.NO_ROOM);
      return refuse(link, TOO_MANY);
    }
    try {
      return enter(link, startup, from, offer);
    } finally {
      entering.leave(offer.request());
    }
  }

  private boolean enter(
      ClientLink link, StartupMessage startup, InetAddress from, ConnectOffer offer)
      throws IOException {
    try (TracedStep login = services.traces().login(offer.tenant(), offer.request())) {
      return enter(link, startup, from, offer, login);
    }
  }

  private boolean enter(
      ClientLink link,
      StartupMessage startup,
      InetAddress from,
      ConnectOffer offer,
      TracedStep login)
      throws IOException {
    return services.admit(
        offer,
        Optional.of(new SocketStates.Endpoints(link.line().here(), link.line().there())),
        startup.user(),
        startup.database(),
        decision ->
            switch (decision) {
              case Deny deny -> {
                login.refused(deny.reason().name().toLowerCase(Locale.ROOT));
                LOG.info("{} of {} stays out: {}", offer.request(), offer.tenant(), deny.message());
                meters.loginRefused(deny.reason());
                yield refuse(link, GatewayErrors.of(deny));
              }
              case Permit permit -> {
                login.opens(permit.session());
                yield open(permit, link, startup, from);
              }
            });
  }

  private boolean open(Permit permit, ClientLink link, StartupMessage startup, InetAddress from)
      throws IOException {
    if (!setting.filters().canJudge(permit.terms().limits().profile())) {
      return refuse(link, CANNOT_READ);
    }
    if (!(permit.protection() instanceof SessionRoles roles)) {
      return refuse(link, NO_DATABASE);
    }
    LOG.info("session {} of {} opens", permit.session(), permit.request());
    var client = new PostgresClient(from, link, startup, setting.loops().next(), roles, setting);
    Optional<Deny> noRoom = sessions.open(permit, client);
    noRoom.ifPresent(deny -> meters.loginRefused(deny.reason()));
    return noRoom.isEmpty() || refuse(link, GatewayErrors.of(noRoom.get()));
  }

  /// Tells the client why it stays out; nobody takes the connection over.
  private static boolean refuse(ClientLink link, PgError error) throws IOException {
    link.send(ServerMessages.error(error));
    return false;
  }

  private static PgError wrongPassword(String user) {
    return PgError.fatal(
        PgError.WRONG_PASSWORD,
        "password authentication failed for user \""
            + user.replaceAll("[^\\x20-\\x7e]", "?")
            + "\"",
        "Run `lockbox connect` for a fresh login.");
  }
}
