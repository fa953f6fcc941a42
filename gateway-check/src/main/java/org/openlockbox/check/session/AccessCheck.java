package org.openlockbox.check.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.session.CheckQuestion.CatalogueRule;
import org.openlockbox.check.session.CheckSessions.CheckLogin;
import org.openlockbox.check.session.CheckVerdict.DenialKind;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.ConnectStatement;
import org.openlockbox.core.statement.Credential;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.admission.Deny;
import org.openlockbox.gateway.admission.Permit;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.Gate;
import org.openlockbox.gateway.login.BearerToken;
import org.openlockbox.gateway.login.LoginLookups;
import org.openlockbox.gateway.login.WrongPasswords;
import org.openlockbox.gateway.protocol.GatewayServices;
import org.openlockbox.gateway.recorder.PendingEntry;
import org.openlockbox.gateway.session.SessionRecord;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way to an [CheckVerdict.AllowedCheck]:
///
/// ```text
///   a connect statement of this engineer ─▶ admission, as for every protocol ─▶ session
///     ─▶ listed, at this level ─▶ on record, durable, lease fresh ─▶ allowed until the lease's end
/// ```
///
/// Whatever is unknown, late or thrown is a denial. A crash after the record leaves an operation
/// whose outcome nobody knows.
public final class AccessCheck {
  private static final Logger LOG = LoggerFactory.getLogger(AccessCheck.class);
  private static final String KIND = "check";
  private static final int MOST_LOGINS = 8;

  /// A caller that waits longer has given up.
  private static final Duration RECORDED_WITHIN = Duration.ofSeconds(5);

  private static final String TRY_AGAIN =
      "Ask again in a moment; if it stays so, tell your platform team.";

  private final CheckSessions sessions;
  private final LoginLookups lookups;
  private final WrongPasswords wrong;
  private final InstantSource clock;

  public AccessCheck(GatewayServices services, CheckSessions sessions) {
    this.sessions = sessions;
    this.lookups = new LoginLookups(services.controlPlane());
    this.wrong = new WrongPasswords(LOG::warn, services.nanoTime());
    this.clock = services.clock();
  }

  /// Decides about an engineer whom the caller has signed in.
  public CheckVerdict ofEngineer(
      CheckOrigin origin,
      CheckPlace place,
      TenantId tenant,
      SubjectId engineer,
      CheckQuestion asked) {
    if (origin.time().isOver()) {
      return unknown("this call takes too long");
    }
    try {
      Set<RequestId> tried = new HashSet<>();
      List<CheckTraffic> low = new ArrayList<>();
      for (CheckTraffic each :
          sessions.live(origin.caller().name(), place, isOf(place, tenant, engineer))) {
        tried.add(each.parts().permit().request());
        if (isEnough(each.parts().permit(), asked)) {
          return inSession(each, asked);
        }
        low.add(each);
      }
      Entry entry = new Entry(origin, place, isOf(place, tenant, engineer));
      return ofOffers(entry, newest(place, tenant, engineer, tried), low, asked);
    } catch (ControlPlane.NoReply e) {
      return unknown(e.words());
    } catch (RuntimeException e) {
      LOG.error("a check failed", e);
      return unknown("access cannot be checked now");
    }
  }

  private static Predicate<Permit> isOf(CheckPlace place, TenantId tenant, SubjectId engineer) {
    return permit ->
        permit.tenant().equals(tenant)
            && permit.protection().id().equals(place.id())
            && permit.grant().submission().engineer().id().equals(engineer);
  }

  private static boolean isEnough(Permit permit, CheckQuestion asked) {
    return asked.level().filter(level -> level.isWiderThan(permit.level())).isEmpty();
  }

  /// One login for each request, the newest first.
  private Collection<ConnectOffer> newest(
      CheckPlace place, TenantId tenant, SubjectId engineer, Set<RequestId> tried) {
    Map<RequestId, ConnectOffer> newest = new LinkedHashMap<>();
    for (ConnectOffer each : lookups.findAll(tenant, place.id())) {
      boolean fits =
          each.tenant().equals(tenant)
              && ConnectCheck.parse(each.envelope()).engineer().equals(engineer)
              && ConnectCheck.parse(each.envelope()).resource().equals(place.id());
      if (fits && !tried.contains(each.request()) && newest.size() < MOST_LOGINS) {
        newest.putIfAbsent(each.request(), each);
      }
    }
    return newest.values();
  }

  /// Who wants to go where.
  ///
  /// @param isMeant whether the proven access is the one that is asked about
  private record Entry(CheckOrigin origin, CheckPlace place, Predicate<Permit> isMeant) {}

  /// What the control plane offered has been proven only now, and may be another access than it was
  /// offered as.
  private CheckLogin entered(ConnectOffer offer, Entry entry) {
    CheckLogin login = sessions.enter(offer, entry.place(), entry.origin());
    if (login instanceof CheckLogin.CheckLoggedIn(CheckTraffic traffic)
        && !entry.isMeant().test(traffic.parts().permit())) {
      LOG.warn("the control plane offered {} as another access", offer.request());
      return new CheckLogin.CheckNotAdmitted(
          new Deny(
              Deny.DenyReason.CANNOT_CHECK,
              "the login that was found is for another access",
              TRY_AGAIN));
    }
    return login;
  }

  private CheckVerdict ofOffers(
      Entry entry, Collection<ConnectOffer> offers, List<CheckTraffic> low, CheckQuestion asked) {
    Optional<Deny> why = Optional.empty();
    for (ConnectOffer each : offers) {
      if (entry.origin().time().isOver()) {
        return unknown("this call takes too long");
      }
      switch (entered(each, entry)) {
        case CheckLogin.CheckNotAdmitted(Deny deny) -> why = why.or(() -> Optional.of(deny));
        case CheckLogin.CheckLoggedIn(CheckTraffic traffic) -> {
          if (isEnough(traffic.parts().permit(), asked)) {
            return inSession(traffic, asked);
          }
          low.add(traffic);
        }
      }
    }
    if (!low.isEmpty()) {
      return inSession(low.getFirst(), asked);
    }
    return why.<CheckVerdict>map(AccessCheck::denied)
        .orElseGet(
            () ->
                new CheckVerdict.DeniedCheck(
                    DenialKind.FORBIDDEN,
                    "access",
                    "this engineer has no login for an approved access here",
                    "Run `lockbox connect R-…` for an approved request, then ask again."));
  }

  /// Decides about an engineer who showed a token.
  public CheckVerdict ofToken(
      CheckOrigin origin, CheckPlace place, BearerToken token, TokenQuestion asked) {
    try {
      Optional<CheckTraffic> live =
          sessions.live(origin.caller().name(), place, isOf(origin, token)).stream().findFirst();
      return live.isPresent()
          ? inSession(live.get(), place, asked)
          : ofNewToken(origin, place, token, asked);
    } catch (ControlPlane.NoReply e) {
      return unknown(e.words());
    } catch (RuntimeException e) {
      LOG.error("a check failed", e);
      return unknown("access cannot be checked now");
    }
  }

  private CheckVerdict ofNewToken(
      CheckOrigin origin, CheckPlace place, BearerToken token, TokenQuestion asked) {
    Optional<ConnectOffer> offer = lookups.find(token.user());
    if (offer.isEmpty() || !isOf(offer.get().envelope(), token)) {
      offer.ifPresent(it -> wrong.note(it, token.user(), origin.address()));
      return new CheckVerdict.DeniedCheck(
          DenialKind.NOT_SIGNED_IN,
          "token",
          "nobody has this token, or its time is over",
          "Run `lockbox connect` again for a fresh login.");
    }
    ConnectStatement statement = ConnectCheck.parse(offer.get().envelope());
    if (!statement.resource().equals(place.id())) {
      return elsewhere("the resource " + statement.resource());
    }
    if (!origin.caller().asksAbout(statement.tenant())) {
      return elsewhere("another customer");
    }
    Entry entry = new Entry(origin, place, isOf(origin, token));
    return switch (entered(offer.get(), entry)) {
      case CheckLogin.CheckNotAdmitted(Deny deny) -> denied(deny);
      case CheckLogin.CheckLoggedIn(CheckTraffic traffic) -> inSession(traffic, place, asked);
    };
  }

  private CheckVerdict inSession(CheckTraffic traffic, CheckPlace place, TokenQuestion asked) {
    Permit permit = traffic.parts().permit();
    return permit.protection().id().equals(place.id())
        ? inSession(traffic, asked.of(permit.tenant()))
        : elsewhere("the resource " + permit.protection().id());
  }

  private static CheckVerdict elsewhere(String what) {
    return new CheckVerdict.DeniedCheck(
        DenialKind.FORBIDDEN,
        "access",
        "this login is for " + what,
        "Connect with what `lockbox connect` prints.");
  }

  /// What is asked depends on whose data it is about.
  public interface TokenQuestion {
    CheckQuestion of(TenantId tenant);
  }

  private static Predicate<Permit> isOf(CheckOrigin origin, BearerToken token) {
    return permit -> isOf(permit.envelope(), token) && origin.caller().asksAbout(permit.tenant());
  }

  private static boolean isOf(Envelope connect, BearerToken token) {
    ConnectStatement statement = ConnectCheck.parse(connect);
    return statement.user().equals(token.user())
        && statement.credential() instanceof Credential.Token(Hash digest)
        && digest.equals(token.digest());
  }

  private CheckVerdict inSession(CheckTraffic traffic, CheckQuestion asked) {
    if (!traffic.enter()) {
      return unknown("the session has just ended");
    }
    try {
      Permit permit = traffic.parts().permit();
      return switch (asked.rule()) {
        case CatalogueRule.NotListed(String word, String detail) ->
            refused(traffic, asked, word, detail);
        case CatalogueRule.FromLevel(Level level) when level.isWiderThan(permit.level()) ->
            refused(
                traffic,
                asked,
                "level",
                "this needs the level %s, and the access has %s"
                    .formatted(level.word(), permit.level().word()));
        case CatalogueRule.FromLevel _ -> allowed(traffic, asked);
      };
    } finally {
      traffic.leave();
    }
  }

  private CheckVerdict allowed(CheckTraffic traffic, CheckQuestion asked) {
    SessionRecord record = traffic.parts().record();
    if (!traffic.await(record::hasRoom, RECORDED_WITHIN)) {
      return unknown("no more can be recorded of this access now");
    }
    long number = record(record, asked, Optional.empty());
    PendingEntry entry = record.newest();
    var way = traffic.parts().gate().in();
    boolean passes = traffic.await(() -> way.isOpenFor(entry), RECORDED_WITHIN);
    Permit permit = traffic.parts().permit();
    var access =
        new CheckVerdict.CheckedAccess(
            permit.request(),
            permit.session(),
            permit.tenant(),
            permit.grant().submission().engineer().id(),
            permit.level());
    CheckVerdict verdict = passes ? good(access, traffic.parts().gate()) : tooLate();
    outcome(record, number, verdict instanceof CheckVerdict.AllowedCheck ? "200" : "503");
    return verdict;
  }

  private CheckVerdict good(CheckVerdict.CheckedAccess access, Gate gate) {
    Instant until = gate.goodUntil();
    Instant now = clock.instant();
    return now.isBefore(until)
        ? new CheckVerdict.AllowedCheck(access, now, new AnswerClearance(gate, clock, until))
        : tooLate();
  }

  /// The same answer as it holds now, for one that had to wait for others. It is on record.
  public CheckVerdict renewed(CheckVerdict verdict) {
    return switch (verdict) {
      case CheckVerdict.AllowedCheck allowed -> good(allowed.access(), allowed.clearance().gate());
      case CheckVerdict.DeniedCheck denied -> denied;
    };
  }

  private static CheckVerdict tooLate() {
    return unknown("the check could not be recorded in time, or the access has just ended");
  }

  private CheckVerdict refused(
      CheckTraffic traffic, CheckQuestion asked, String word, String detail) {
    SessionRecord record = traffic.parts().record();
    if (record.hasRoom()) {
      outcome(record, record(record, asked, Optional.of(word)), "403");
    }
    String next =
        word.equals("level")
            ? "Ask with a new request at the level that you need."
            : "The catalogue of the resource lists what passes; ask your platform team to add it.";
    return new CheckVerdict.DeniedCheck(DenialKind.FORBIDDEN, word, detail, next);
  }

  private static long record(SessionRecord record, CheckQuestion asked, Optional<String> refused) {
    return record
        .operation(KIND, Bytes.ofUtf8(asked.text()), asked.input(), asked.facts(), refused)
        .number();
  }

  private static void outcome(SessionRecord record, long number, String status) {
    record.cutOff(number, new SessionRecord.OperationResult(status, 0, 0, 0, Optional.empty()));
  }

  private static CheckVerdict denied(Deny deny) {
    return switch (deny.reason()) {
      case NOT_APPROVED, LIMIT ->
          new CheckVerdict.DeniedCheck(DenialKind.FORBIDDEN, "access", deny.message(), deny.hint());
      case CANNOT_CHECK, NO_ROOM, DRAINING ->
          new CheckVerdict.DeniedCheck(DenialKind.UNKNOWN, "unknown", deny.message(), deny.hint());
    };
  }

  private static CheckVerdict unknown(String detail) {
    return new CheckVerdict.DeniedCheck(DenialKind.UNKNOWN, "unknown", detail, TRY_AGAIN);
  }

  /// An engineer whom the gateway would let in now, and at which level. Nothing is opened or
  /// recorded: it is no decision.
  public record PossibleAccess(SubjectId engineer, Level level) {}

  /// Who could be let in to this tenant's part of the resource now.
  ///
  /// @throws ControlPlane.NoReply if nobody knows, or it takes too long
  public List<PossibleAccess> possible(CheckOrigin origin, CheckPlace place, TenantId tenant) {
    Map<RequestId, ConnectOffer> newest = new LinkedHashMap<>();
    lookups.findAll(tenant, place.id()).stream()
        .filter(each -> each.tenant().equals(tenant))
        .filter(each -> ConnectCheck.parse(each.envelope()).resource().equals(place.id()))
        .forEach(each -> newest.putIfAbsent(each.request(), each));
    List<PossibleAccess> possible = new ArrayList<>();
    for (ConnectOffer each : newest.values()) {
      if (origin.time().isOver()) {
        throw new ControlPlane.NoReply("this search takes too long");
      }
      if (sessions.admitted(each) instanceof Permit permit
          && CheckSessions.unkept(permit).isEmpty()) {
        possible.add(
            new PossibleAccess(permit.grant().submission().engineer().id(), permit.level()));
      }
    }
    return possible;
  }
}
