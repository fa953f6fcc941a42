package org.openlockbox.check.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.session.LoginChecks.OfferedLogin;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.gateway.admission.AdmissionDecision;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.notice.ClientNotice;
import org.openlockbox.gateway.notice.EndReason;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.session.CallingClient;
import org.openlockbox.gateway.session.SessionSlots;
import org.openlockbox.tlog.tree.Hash;

/// The live sessions of checks: one for each login and caller. The first question opens it, by the
/// same admission as everywhere. It ends with the access, or after a time without a question; the
/// next question is then admitted anew.
public final class CheckSessions implements AutoCloseable {
  private static final ClientNotice CATALOGUE_CHANGED =
      ClientNotice.of("the catalogue of this resource has changed", "Ask again.");

  private static final Deny NOT_CHECKED =
      new Deny(
          Deny.DenyReason.NOT_APPROVED,
          "this login is for a resource that is not checked",
          "Connect with what `lockbox connect` prints.");

  private final GatewayServices services;
  private final LoginChecks checks;
  private final SessionSlots<SessionKey, CheckTraffic> slots;

  /// @param idle how long a session goes on without a question
  public CheckSessions(GatewayServices services, Duration idle) {
    this.services = services;
    this.checks = new LoginChecks(services.nanoTime());
    this.slots = new SessionSlots<>("check-sessions", idle);
  }

  /// A session is that of the very bytes by which it was admitted. Another statement is another
  /// one, whatever user name it bears.
  ///
  /// @param statement SHA-256 of the connect statement with its signatures
  record SessionKey(Hash statement, String caller) {
    static SessionKey of(ConnectOffer offer, CheckOrigin origin) {
      return new SessionKey(statement(offer), origin.caller().name());
    }

    private static Hash statement(ConnectOffer offer) {
      return Bytes.of(CanonicalJson.bytes(offer.envelope().toJson())).sha256();
    }
  }

  /// What became of a login.
  sealed interface CheckLogin {
    record CheckLoggedIn(CheckTraffic traffic) implements CheckLogin {}

    record CheckNotAdmitted(Deny why) implements CheckLogin {}
  }

  /// The caller's open sessions that fit, in no order. One that was opened by another catalogue
  /// than the place has now ends here.
  List<CheckTraffic> live(String caller, CheckPlace place, Predicate<Permit> fits) {
    return slots
        .open()
        .filter(each -> each.key().caller().equals(caller))
        .map(SessionSlots.OpenSlot::session)
        .filter(traffic -> fits.test(traffic.parts().permit()))
        .filter(traffic -> isCurrent(traffic, place))
        .toList();
  }

  private static boolean isCurrent(CheckTraffic traffic, CheckPlace place) {
    Protection opened = traffic.parts().permit().protection();
    if (!opened.id().equals(place.id()) || opened.catalogue().equals(place.catalogue())) {
      return true;
    }
    traffic.parts().end().end(EndReason.FENCE_DRIFTED, CATALOGUE_CHANGED);
    return false;
  }

  /// The session of this login; opens it if there is none. May wait.
  CheckLogin enter(ConnectOffer offer, CheckPlace place, CheckOrigin origin) {
    return slots.enter(
        SessionKey.of(offer, origin),
        traffic -> isCurrent(traffic, place),
        CheckLogin.CheckLoggedIn::new,
        keep -> opened(offer, origin, keep));
  }

  private CheckLogin opened(ConnectOffer offer, CheckOrigin origin, Consumer<CheckTraffic> keep) {
    return switch (admitted(offer)) {
      case Deny deny -> new CheckLogin.CheckNotAdmitted(deny);
      case Permit permit when !(permit.protection() instanceof CheckPlace) ->
          new CheckLogin.CheckNotAdmitted(NOT_CHECKED);
      case Permit permit ->
          unkept(permit)
              .<CheckLogin>map(CheckLogin.CheckNotAdmitted::new)
              .orElseGet(() -> open(permit, origin, keep));
    };
  }

  /// What approvers limited and nobody can keep here, is not served without it.
  static Optional<Deny> unkept(Permit permit) {
    return Limits.UNWRITTEN.widerIn(permit.terms().limits()).stream()
        .filter(limit -> !isKept(limit))
        .findFirst()
        .map(
            limit ->
                new Deny(
                    Deny.DenyReason.NOT_APPROVED,
                    "this access has a limit that a checked resource cannot keep: " + limit.label(),
                    "Ask with a new request that leaves this limit out."));
  }

  private static boolean isKept(Limit limit) {
    return switch (limit) {
      case IDLE_TIMEOUT, SESSIONS, HOURS, PROFILE, SOFT_END -> true;
      case ROW_BUDGET, BYTE_BUDGET, TABLES, STATEMENT_TIMEOUT, STATEMENTS -> false;
    };
  }

  /// What the gateway says to this login. Opens nothing.
  AdmissionDecision admitted(ConnectOffer offer) {
    ConnectStatement statement = ConnectCheck.parse(offer.envelope());
    return checks.of(
        new OfferedLogin(offer.tenant(), offer.request(), SessionKey.statement(offer)),
        () ->
            services.admit(
                offer,
                Optional.empty(),
                statement.user(),
                statement.resource().value(),
                decision -> decision));
  }

  private CheckLogin open(Permit permit, CheckOrigin origin, Consumer<CheckTraffic> keep) {
    var client =
        new CallingClient<>(
            origin.address(),
            "asked by " + origin.caller().name(),
            parts -> new CheckTraffic(parts, services.nanoTime()));
    return switch (client.open(services.sessions(), permit)) {
      case CallingClient.SessionOpened<CheckTraffic>(CheckTraffic traffic) -> {
        keep.accept(traffic);
        yield new CheckLogin.CheckLoggedIn(traffic);
      }
      case CallingClient.SessionNotBegun<CheckTraffic>(Deny why) ->
          new CheckLogin.CheckNotAdmitted(why);
      case CallingClient.SessionEndedAtOnce<CheckTraffic> ended ->
          new CheckLogin.CheckNotAdmitted(ended.denial());
    };
  }

  @Override
  public void close() {
    slots.close();
  }
}
