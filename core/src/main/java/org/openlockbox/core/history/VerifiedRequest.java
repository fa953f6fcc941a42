package org.openlockbox.core.history;

import java.time.Instant;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.access.Allowance;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.Grant;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Refusal;
import org.openlockbox.core.access.Transition;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.SignatureCheck;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.LogOrigin;
import org.openlockbox.core.tenant.TenantId;

/// Where one request, made at `asked`, stands after some of the events about it, and the only way
/// on: [#apply] checks each signature against the keyring and each ruling against the policy in
/// force, then asks the machine. The server takes a step here before it stores it; [History] takes
/// the same steps again from the log.
public record VerifiedRequest(RequestRef ref, Instant asked, AccessRequest state) {
  /// A request as its entry makes it.
  public static VerifiedRequest of(
      RequestRef ref, Instant asked, RequestEvent.Requested requested) {
    return new VerifiedRequest(ref, asked, Pending.of(requested.submission()));
  }

  /// Takes one event into account; `authority` is the one in force, `at` the time of the entry.
  public EventCheck apply(Authority authority, RequestEvent event, Instant at) {
    if (!event.about().equals(ref.id())) {
      return new EventCheck.Unsigned("it is about another request");
    }
    return switch (event) {
      case RequestEvent.Requested _ -> new EventCheck.NotAllowed(Refusal.NOT_PENDING);
      case RequestEvent.Reviewed reviewed -> review(reviewed, at);
      case RequestEvent.Automatic automatic -> rule(authority, automatic, at);
      case RequestEvent.Decided decided -> decide(authority, decided, at);
      case RequestEvent.Revoked revoked -> revoke(authority.keyring(), revoked, at);
      case RequestEvent.Withdrawn withdrawn ->
          state instanceof Pending pending
              ? moved(pending.withdraw(withdrawn.by(), at))
              : new EventCheck.NotAllowed(Refusal.NOT_PENDING);
      case RequestEvent.Lapsed _ -> lapse(at);
      case RequestEvent.Ended ended -> end(ended, at);
    };
  }

  private EventCheck review(RequestEvent.Reviewed reviewed, Instant at) {
    if (!(state instanceof Pending pending)) {
      return new EventCheck.NotAllowed(Refusal.NOT_PENDING);
    }
    return moved(
        switch (reviewed.verdict()) {
          case APPROVE -> pending.passReview(reviewed.reviewer(), at);
          case REJECT -> pending.rejectReview(reviewed.reviewer(), reviewed.comment(), at);
        });
  }

  /// What the policy in force decides about the request at `at`, with nobody asked; empty if it
  /// asks people, cannot be evaluated here, or cannot decide yet.
  public Optional<RequestEvent.Automatic> automatic(Authority authority, Instant at) {
    if (!(state instanceof Pending pending)
        || !(authority.ruling(state.submission(), at) instanceof Ruling.ByRule given)) {
      return Optional.empty();
    }
    return switch (moved(ruled(pending, given, at))) {
      case EventCheck.NextState(var next) ->
          Optional.of(
              new RequestEvent.Automatic(ref.id(), given.entry(), given.rule(), terms(next.state)));
      case EventCheck.AlreadyLapsed _, EventCheck.NotAllowed _, EventCheck.Unsigned _ ->
          Optional.empty();
    };
  }

  /// What the policy decided was written down by the server; it has to be what it decides.
  private EventCheck rule(Authority authority, RequestEvent.Automatic automatic, Instant at) {
    if (!(state instanceof Pending pending)) {
      return new EventCheck.NotAllowed(Refusal.NOT_PENDING);
    }
    return switch (authority.ruling(state.submission(), at)) {
      case Ruling.NotEvaluable(var rule, var why) -> unjudged(rule, why);
      case Ruling.ByRule given -> {
        if (given.entry() != automatic.policy() || !given.rule().equals(automatic.rule())) {
          yield new EventCheck.Unsigned(
              "the policy does not say so: rule %s of entry %d decides, not %s of %d"
                  .formatted(given.rule(), given.entry(), automatic.rule(), automatic.policy()));
        }
        var step = moved(ruled(pending, given, at));
        yield step instanceof EventCheck.NextState(var next)
                && !terms(next.state).equals(automatic.grant())
            ? new EventCheck.Unsigned("rule %s does not give this grant".formatted(given.rule()))
            : step;
      }
    };
  }

  private static EventCheck unjudged(RuleId rule, String why) {
    return new EventCheck.Unsigned(
        "rule %s of the policy cannot be judged: %s (use `lockbox verify`)".formatted(rule, why));
  }

  private static Transition ruled(Pending pending, Ruling.ByRule given, Instant at) {
    return switch (given.effect()) {
      case Effect.Deny _ -> pending.denyByPolicy(given.says(), at);
      case Effect.Approve(var caps) -> {
        var submission = pending.submission();
        var narrowing = caps.narrowing(submission.terms());
        yield pending.approveByPolicy(Allowance.of(submission, narrowing, at), at);
      }
      case Effect.Ask _ -> new Transition.Refused(Refusal.POLICY_ASKS);
    };
  }

  private static Optional<GrantTerms> terms(AccessRequest state) {
    return state instanceof Approved approved
        ? Optional.of(approved.grant().terms())
        : Optional.empty();
  }

  private EventCheck decide(Authority authority, RequestEvent.Decided decided, Instant at) {
    var claimed = decided.claimed();
    var bound = new Binding(claimed.tenant(), claimed.origin(), claimed.request());
    var fault = fault(authority.keyring(), decided.envelope(), bound, claimed.approver());
    if (!fault.isEmpty()) {
      return new EventCheck.Unsigned(fault);
    }
    if (!(state instanceof Pending pending)) {
      return new EventCheck.NotAllowed(Refusal.NOT_PENDING);
    }
    var key = decided.envelope().signatures().getFirst().keyId();
    if (claimed.approves() && state.submission().engineer().key().keyId().equals(key)) {
      return new EventCheck.Unsigned("signed with the requester's own key");
    }
    return claimed
        .allowance()
        .map(allowance -> new Approval(claimed.approver(), key, allowance, at))
        .map(approval -> approve(authority, pending, approval))
        .orElseGet(() -> moved(pending.deny(claimed.approver(), claimed.comment(), at)));
  }

  private EventCheck approve(Authority authority, Pending pending, Approval approval) {
    var at = approval.at();
    return switch (authority.ruling(state.submission(), at)) {
      case Ruling.NotEvaluable(var rule, var why) -> unjudged(rule, why);
      case Ruling.ByRule(var _, var _, var _, Effect.Deny _) ->
          new EventCheck.NotAllowed(Refusal.POLICY_DENIES);
      case Ruling.ByRule given -> {
        var approvers = authority.approvers(given);
        yield moved(
            pending.approve(approval, authority.keyring().electorate(approvers, asked, at)));
      }
    };
  }

  /// After access was switched off altogether: no grant goes on.
  VerifiedRequest switchedOff(Instant at) {
    return state instanceof Approved approved && approved.grant() instanceof Grant.Active active
        ? ended(approved, active.revoke(AccessRequest.POLICY, true, at))
        : this;
  }

  private EventCheck revoke(Keyring keyring, RequestEvent.Revoked revoked, Instant at) {
    var claimed = revoked.claimed();
    var bound = new Binding(claimed.tenant(), claimed.origin(), claimed.request());
    var fault = fault(keyring, revoked.envelope(), bound, claimed.approver());
    if (!fault.isEmpty()) {
      return new EventCheck.Unsigned(fault);
    }
    if (!(state instanceof Approved approved)) {
      return new EventCheck.NotAllowed(Refusal.NO_GRANT);
    }
    return new EventCheck.NextState(
        approved.grant() instanceof Grant.Active active
            ? ended(approved, active.revoke(claimed.approver(), true, at))
            : this);
  }

  /// An end is believed without a signature: it can only take access away.
  private EventCheck end(RequestEvent.Ended event, Instant at) {
    if (!(state instanceof Approved approved)) {
      return new EventCheck.NotAllowed(Refusal.NO_GRANT);
    }
    if (!(approved.grant() instanceof Grant.Active active)) {
      return new EventCheck.NextState(this);
    }
    return switch (event.reason()) {
      case COMPLETED -> new EventCheck.NextState(ended(approved, active.complete(event.by(), at)));
      case STOPPED ->
          new EventCheck.NextState(ended(approved, active.revoke(event.by(), false, at)));
      case EXPIRED ->
          active.at(at) instanceof Grant.Ended over
              ? new EventCheck.NextState(ended(approved, over))
              : new EventCheck.NotAllowed(Refusal.NOT_YET);
    };
  }

  private EventCheck lapse(Instant at) {
    if (!(state instanceof Pending pending)) {
      return new EventCheck.NotAllowed(Refusal.NOT_PENDING);
    }
    return switch (moved(pending.lapse(at))) {
      case EventCheck.AlreadyLapsed(var lapsed) -> new EventCheck.NextState(lapsed);
      case EventCheck other -> other;
    };
  }

  private VerifiedRequest ended(Approved approved, Grant.Ended grant) {
    return new VerifiedRequest(ref, asked, approved.with(grant));
  }

  private EventCheck moved(Transition outcome) {
    return switch (outcome) {
      case Transition.NewState(var to) ->
          new EventCheck.NextState(new VerifiedRequest(ref, asked, to));
      case Transition.TooLate(var lapsed) ->
          new EventCheck.AlreadyLapsed(new VerifiedRequest(ref, asked, lapsed));
      case Transition.Refused(var why) -> new EventCheck.NotAllowed(why);
    };
  }

  /// What a signed statement says it is for.
  private record Binding(TenantId tenant, LogOrigin origin, RequestRef request) {}

  /// Why the envelope is not this approver's, for this very request; empty if it is. Nothing that
  /// the request says of its engineer counts here: it would be a way to silence an approver.
  private String fault(Keyring keyring, Envelope envelope, Binding bound, SubjectId approver) {
    var genesis = keyring.genesis();
    if (!bound.tenant().equals(genesis.tenant()) || !bound.origin().equals(genesis.origin())) {
      return "signed for another tenant or another log";
    }
    if (!bound.request().equals(ref)) {
      return "signed for another request, or for other terms of it";
    }
    if (envelope.signatures().size() != 1) {
      return "an approver's statement has exactly one signature";
    }
    var signature = envelope.signatures().getFirst();
    var key = keyring.key(signature.keyId());
    if (key.isEmpty()) {
      return "signed with a key that is not in the tenant's keyring";
    }
    if (!key.map(ApproverKey::approver).filter(approver::equals).isPresent()) {
      return "signed with the key of another approver than it names";
    }
    return switch (SignatureCheck.verify(key.get().key(), envelope, signature)) {
      case SignatureCheck.Valid _ -> "";
      case SignatureCheck.Invalid(var why) -> why;
    };
  }
}
