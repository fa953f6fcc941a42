package org.openlockbox.gateway.admission;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.history.ConnectCheck;
import org.openlockbox.core.history.ProvenGrant;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.statement.OpenedText;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.controlplane.ConnectOffer;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.controlplane.GatewayCredential;
import org.openlockbox.gateway.resource.LogMemory;
import org.openlockbox.gateway.resource.ProtectedResource;
import org.openlockbox.gateway.resource.ProtectedResources;
import org.openlockbox.gateway.resource.Protection;
import org.openlockbox.gateway.resource.ProtectionState;
import org.openlockbox.tlog.tree.Hash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is let in. The one decision of the gateway, made anew for each connection after the client
/// has proven its password:
///
/// ```text
///   lease fresh ─▶ history proven: pin, checkpoint, growth, signatures ─▶ grant active
///     ─▶ connect statement signed by the engineer's key, for this user, now inside the window
///     ─▶ resource known, level offered, tenant bound, reviewed if it must be
///     ─▶ this gateway certified for it, by the authority that the tenant's log names
///     ─▶ witnessed as the tenant demands ─▶ fence stands ─▶ Permit
/// ```
///
/// Anything else, and anything thrown, is a [Deny]. Nothing that the control plane says is taken
/// for true; a crash here opens nothing.
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final String UNREACHABLE = "the protected service cannot be reached";

  private final ProtectedResources resources;
  private final GatewayCredential credential;
  private final SeenLogs logs;
  private final ProvenHistories histories;
  private final Witnessing witnessing;
  private final RefusalListener refusals;
  private final BooleanSupplier leaseComes;
  private final InstantSource clock;
  private final SecureRandom random;

  /// Hears that a history was refused; must not wait.
  public interface RefusalListener {
    void refused(TenantId tenant, RequestId request, String problem);
  }

  /// @param leaseComes may wait a moment for a lease
  public Admission(
      ControlPlane controlPlane,
      ProtectedResources resources,
      GatewayCredential credential,
      Map<TenantId, Hash> pins,
      Conditions conditions,
      Witnessing witnessing,
      RefusalListener refusals,
      BooleanSupplier leaseComes,
      InstantSource clock,
      SecureRandom random) {
    this.resources = resources;
    this.credential = credential;
    this.logs = new SeenLogs(pins);
    this.histories = new ProvenHistories(controlPlane, logs, conditions, this::memory, clock);
    this.witnessing = witnessing;
    this.refusals = refusals;
    this.leaseComes = leaseComes;
    this.clock = clock;
    this.random = random;
  }

  private Optional<LogMemory> memory(ResourceId resource, TenantId tenant) {
    return resources.find(resource).flatMap(known -> known.of(tenant)).map(Protection::memory);
  }

  /// From now on these pins hold; those that were trusted on first use do where none is named.
  public void pin(Map<TenantId, Hash> pins) {
    logs.pin(pins);
  }

  /// Takes note that the request of a session is over, whoever said so: it stays over.
  void ended(Permit permit) {
    logs.ended(permit.tenant(), permit.request());
  }

  /// The same beyond a restart.
  void keepEnd(Permit permit) {
    permit
        .protection()
        .memory()
        .noteEnd(permit.tenant(), permit.request(), permit.terms().window().notAfter());
  }

  /// Who wants in, and where to.
  private record LoginAttempt(
      ConnectOffer offer,
      String user,
      String place,
      List<OpenedText> texts,
      Keyring keyring,
      Envelope certificate) {}

  /// Decides about a client that has proven the credential behind `offer`.
  ///
  /// @param user the name that it gave
  /// @param place where it wants to go, as [Protection#place] names it
  public AdmissionDecision decide(ConnectOffer offer, String user, String place) {
    try {
      return decided(offer, user, place);
    } catch (ControlPlane.NoReply e) {
      LOG.warn("access of {} cannot be checked: {}", offer.request(), e.getMessage());
      return Deny.cannotCheck(e.words());
    } catch (LogMemory.Unavailable e) {
      LOG.warn("access of {} cannot be checked: {}", offer.request(), e.getMessage());
      return withoutMemory(offer);
    } catch (RuntimeException e) {
      LOG.error("the check of {} failed", offer.request(), e);
      return Deny.cannotCheck("access cannot be checked now");
    }
  }

  private AdmissionDecision decided(ConnectOffer offer, String user, String place) {
    if (!leaseComes.getAsBoolean()) {
      return Deny.cannotCheck("access cannot be checked now: the gateway holds no lease");
    }
    return switch (histories.of(offer.tenant(), offer.request())) {
      case ProvenHistories.HistoryResult.Contradicted(String where, String why) ->
          refused(offer, where, why);
      case ProvenHistories.HistoryResult.Undecided(String why) ->
          Deny.cannotCheck("access cannot be checked now: " + why);
      case ProvenHistories.HistoryResult.ProvenHistory proven ->
          proven
              .history()
              .grant()
              .map(grant -> withGrant(grant, asking(offer, user, place, proven)))
              .orElseGet(() -> withoutGrant(proven.history().request(), offer.tenant()));
    };
  }

  private LoginAttempt asking(
      ConnectOffer offer,
      String user,
      String place,
      ProvenHistories.HistoryResult.ProvenHistory proven) {
    return new LoginAttempt(
        offer,
        user,
        place,
        proven.texts(),
        proven.history().keyring(),
        credential.certificate().get());
  }

  private Deny refused(ConnectOffer offer, String where, String why) {
    LOG.error(
        "the proof for {} of tenant {} does not hold: {}: {}",
        offer.request(),
        offer.tenant(),
        where,
        why);
    refusals.refused(offer.tenant(), offer.request(), where + ": " + why);
    return Deny.notApproved(
        "the proof of approval does not hold (" + where + ": " + why + ")",
        "Nothing was opened, and the customer is told. Tell your platform team.");
  }

  private AdmissionDecision withGrant(ProvenGrant grant, LoginAttempt asking) {
    Instant now = clock.instant();
    if (now.isBefore(grant.terms().window().notBefore())) {
      return Deny.notApproved(
          "access starts at " + grant.terms().window().notBefore(), "Connect again then.");
    }
    if (!grant.isInForceAt(now)) {
      return expired(grant.terms().window().notAfter());
    }
    Hours hours = grant.terms().limits().hours();
    if (!hours.isOpenAt(now)) {
      return closed(hours, now);
    }
    return switch (ConnectCheck.verify(grant, asking.offer().envelope(), now)) {
      case ConnectCheck.Invalid(String why) ->
          Deny.notApproved(why, "Run `lockbox connect` again for a fresh login.");
      case ConnectCheck.Valid valid when !valid.statement().user().equals(asking.user()) ->
          Deny.notApproved(
              "the connect statement is for another user name",
              "Run `lockbox connect` again for a fresh login.");
      case ConnectCheck.Valid valid -> withConnect(valid, asking, now);
    };
  }

  private static Deny closed(Hours hours, Instant now) {
    return Deny.notApproved(
        "access is closed at this hour; it is open only " + String.join(" and ", hours.words()),
        hours
            .nextOpening(now)
            .map(opening -> "Connect again at " + opening + ".")
            .orElse("It does not open within a week."));
  }

  private AdmissionDecision withConnect(
      ConnectCheck.Valid connect, LoginAttempt asking, Instant now) {
    ProvenGrant grant = connect.grant();
    ResourceId id = grant.submission().terms().resource();
    Optional<ProtectedResource> resource = resources.find(id);
    if (resource.isEmpty()) {
      return Deny.notApproved(
          "this gateway does not serve resource " + id, "Connect to the gateway that does.");
    }
    Optional<? extends Protection> place = resource.get().of(grant.tenant());
    if (place.isEmpty()) {
      return Deny.notApproved(
          "resource " + id + " holds no data of this tenant",
          "Ask for a resource that does; the platform team lists the tenants of each.");
    }
    Protection protection = place.get();
    return misfit(grant, protection, asking.place())
        .or(() -> uncertified(asking, id, now))
        .or(() -> witnessing.fault(grant))
        .or(() -> fault(protection))
        .orElseGet(() -> permit(connect, asking, protection, now));
  }

  private Permit permit(
      ConnectCheck.Valid connect, LoginAttempt asking, Protection protection, Instant now) {
    var statements = connect.grant().terms().limits().statements();
    return new Permit(
        SessionId.random(random),
        connect,
        asking.offer().envelope(),
        asking.certificate(),
        protection,
        ExactTexts.of(statements, asking.texts()),
        now);
  }

  /// What every verifier would refuse of this opening, for this tenant's log.
  private Optional<AdmissionDecision> uncertified(
      LoginAttempt asking, ResourceId resource, Instant now) {
    return asking
        .keyring()
        .misfit(asking.certificate(), credential.id(), resource, now)
        .map(
            why -> {
              LOG.error("no session on {} of {}: {}", resource, asking.offer().tenant(), why);
              return Deny.cannotCheck("this gateway may open no session here: " + why);
            });
  }

  private static Optional<AdmissionDecision> misfit(
      ProvenGrant grant, Protection protection, String place) {
    if (!protection.place().equals(place)) {
      return Optional.of(
          Deny.notApproved(
              "this access is for " + protection.placeInWords(),
              "Connect with what `lockbox connect` prints."));
    }
    Assurance signed = grant.submission().assurance();
    if (signed != protection.assurance()) {
      return Optional.of(
          Deny.notApproved(
              "this access was approved as %s, and the resource is %s"
                  .formatted(signed.word(), protection.assurance().word()),
              "Ask with a new request: approvers sign for what the resource is now."));
    }
    if (!protection.levels().contains(grant.terms().level())) {
      return Optional.of(
          Deny.notApproved(
              "resource " + protection.id() + " offers no level " + grant.terms().level().word(),
              "Ask with a new request at another level."));
    }
    if (protection.needsReview() && !grant.isReviewed()) {
      return Optional.of(
          Deny.notApproved(
              "the provider's own review of this request is missing",
              "Have a second person of the provider review it; `lockbox request show` tells who did."));
    }
    return Optional.empty();
  }

  private static Optional<AdmissionDecision> fault(Protection protection) {
    return switch (protection.state()) {
      case ProtectionState.Intact() -> Optional.empty();
      case ProtectionState.Unreachable(String why) -> {
        LOG.warn("{}: {}", protection.id(), why);
        yield Optional.of(Deny.cannotCheck(UNREACHABLE));
      }
      case ProtectionState.Suspended(String since) ->
          Optional.of(
              new Deny(
                  Deny.DenyReason.CANNOT_CHECK,
                  "resource %s is suspended for a migration since %s"
                      .formatted(protection.id(), since),
                  "Connect again when the migration is over. The platform team ends it with `lockbox resource resume %s`."
                      .formatted(protection.id())));
      case ProtectionState.Broken(String kind, String detail) -> {
        LOG.error("the fence of {} does not stand: {}", protection.id(), detail);
        yield Optional.of(
            new Deny(
                Deny.DenyReason.CANNOT_CHECK,
                "the fence of resource " + protection.id() + " does not stand: " + kind,
                "The platform team runs `lockbox resource check "
                    + protection.id()
                    + "` and repairs it."));
      }
    };
  }

  /// A place whose fence is missing or was made by an earlier plan has no memory.
  private AdmissionDecision withoutMemory(ConnectOffer offer) {
    return resources.all().stream()
        .flatMap(resource -> resource.of(offer.tenant()).stream())
        .flatMap(protection -> fault(protection).stream())
        .findFirst()
        .orElseGet(() -> Deny.cannotCheck(UNREACHABLE));
  }

  private static AdmissionDecision withoutGrant(AccessRequest request, TenantId tenant) {
    return switch (request) {
      case AccessRequest.Pending ignored ->
          Deny.notApproved(
              "access is not approved: waiting for " + tenant,
              "`lockbox request watch` shows when the customer has decided.");
      case AccessRequest.Denied ignored ->
          Deny.notApproved("access was denied by " + tenant, "Ask with a new request.");
      case AccessRequest.Withdrawn ignored ->
          Deny.notApproved("the request was withdrawn", "Ask with a new request.");
      case AccessRequest.Lapsed ignored ->
          Deny.notApproved("the request lapsed without a decision", "Ask with a new request.");
      case AccessRequest.Approved approved -> ended(approved.grant());
    };
  }

  private static AdmissionDecision ended(Grant grant) {
    return switch (grant) {
      case Grant.Active active -> expired(active.terms().window().notAfter());
      case Grant.Expired over -> expired(over.endedAt());
      case Grant.Completed ignored ->
          Deny.notApproved("this access was completed", "Ask with a new request.");
      case Grant.Revoked ignored ->
          Deny.notApproved("this access was revoked by the customer", "Ask with a new request.");
      case Grant.RemovalFailed failed -> ended(failed.ended());
    };
  }

  private static Deny expired(Instant at) {
    return Deny.notApproved("access expired at " + at, "Ask with a new request.");
  }
}
