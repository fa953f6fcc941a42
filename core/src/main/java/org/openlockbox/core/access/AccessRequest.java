package org.openlockbox.core.access;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.subject.SubjectId;

/// An engineer's wish to reach one resource of one tenant for a bounded time. This file is the
/// whole machine.
///
/// ```text
///             review (second person of the provider: lets it through)
///              ┌──┐
///              ▼  │      approve, quorum met
///            Pending ───────────────────────────▶ Approved ── its Grant goes on by itself
///              │  ▲ │
///              └──┘ ├─ deny, review rejects ────▶ Denied
///   approve, quorum ├─ withdraw ────────────────▶ Withdrawn
///   not yet met     └─ decideBy reached ────────▶ Lapsed
/// ```
///
/// Only [Pending] has transitions, so a decided request cannot be decided again: there is no method
/// to call. At `decideBy` it is too late for every one of them, whether or not anybody has written
/// the lapse down. An approver can change nothing but to allow less ([Allowance]). Nobody on the
/// requester's side approves, and nobody counts twice. A no always counts, whoever else its author
/// is said to be: the requester's side writes that.
///
/// Holding one of these proves nothing; signatures in the log do.
public sealed interface AccessRequest {
  /// Who decides where the policy does.
  SubjectId POLICY = new SubjectId("policy");

  Submission submission();

  RequestState state();

  /// Waiting for the provider's review, if needed, and for the tenant's approvers.
  record Pending(Submission submission, Review review, List<Approval> approvals)
      implements AccessRequest {
    public Pending {
      approvals = List.copyOf(approvals);
    }

    /// A request as it is made.
    public static Pending of(Submission submission) {
      var review = submission.providerReview() ? new Review.Needed() : new Review.NotNeeded();
      return new Pending(submission, review, List.of());
    }

    @Override
    public RequestState state() {
      return RequestState.PENDING;
    }

    /// The provider's second person lets the request through to the tenant.
    public Transition passReview(SubjectId reviewer, Instant now) {
      if (isLate(now)) {
        return tooLate();
      }
      return switch (review) {
        case Review.NotNeeded() -> new Transition.Refused(Refusal.REVIEW_NOT_NEEDED);
        case Review.Passed _ -> new Transition.Refused(Refusal.ALREADY_REVIEWED);
        case Review.Needed() when isRequestersSide(reviewer) ->
            new Transition.Refused(Refusal.REQUESTERS_SIDE);
        case Review.Needed() ->
            new Transition.NewState(
                new Pending(submission, new Review.Passed(reviewer, now), approvals));
      };
    }

    /// The provider's second person stops the request; the tenant is not asked.
    public Transition rejectReview(SubjectId reviewer, String comment, Instant now) {
      return switch (passReview(reviewer, now)) {
        case Transition.NewState _ ->
            new Transition.NewState(new Denied(submission, reviewer, Party.PROVIDER, comment, now));
        case Transition.TooLate late -> late;
        case Transition.Refused refused -> refused;
      };
    }

    /// Counts one approval; with the quorum met, the grant's clock starts.
    public Transition approve(Approval approval, Electorate electorate) {
      var approver = approval.approver();
      if (isLate(approval.at())) {
        return tooLate();
      }
      if (review instanceof Review.Needed) {
        return new Transition.Refused(Refusal.REVIEW_MISSING);
      }
      if (isRequestersSide(approver)) {
        return new Transition.Refused(Refusal.REQUESTERS_SIDE);
      }
      if (!electorate.asked().contains(approver)) {
        return new Transition.Refused(Refusal.NOT_ASKED);
      }
      if (approvals.stream().anyMatch(earlier -> earlier.approver().equals(approver))) {
        return new Transition.Refused(Refusal.ALREADY_APPROVED_BY);
      }
      var wider = approval.allowance().widens(submission);
      return wider.isPresent() ? new Transition.Refused(wider.get()) : count(approval, electorate);
    }

    /// The larger quorum counts, the request's or today's, and of the earlier approvals only those
    /// that still do.
    private Transition count(Approval approval, Electorate electorate) {
      var now = approval.at();
      var all = Stream.concat(approvals.stream(), Stream.of(approval)).toList();
      var counted = electorate.counted(all);
      var together = Allowance.together(counted.stream().map(Approval::allowance).toList(), now);
      if (together.isEmpty()) {
        return new Transition.Refused(Refusal.NOTHING_LEFT);
      }
      return new Transition.NewState(
          electorate.isMetBy(counted, submission.quorum())
              ? new Approved(submission, review, counted, now, new Grant.Active(together.get()))
              : new Pending(submission, review, all));
    }

    /// The tenant's policy says yes, with nobody asked.
    public Transition approveByPolicy(Allowance allowance, Instant now) {
      if (isLate(now)) {
        return tooLate();
      }
      if (review instanceof Review.Needed) {
        return new Transition.Refused(Refusal.REVIEW_MISSING);
      }
      return Allowance.together(List.of(allowance), now)
          .<Transition>map(
              terms ->
                  new Transition.NewState(
                      new Approved(submission, review, List.of(), now, new Grant.Active(terms))))
          .orElseGet(() -> new Transition.Refused(Refusal.NOTHING_LEFT));
    }

    /// The tenant's policy says no, in this sentence.
    public Transition denyByPolicy(String says, Instant now) {
      return isLate(now)
          ? tooLate()
          : new Transition.NewState(new Denied(submission, POLICY, Party.POLICY, says, now));
    }

    /// One approver's no is enough, and while the request is pending nothing refuses it: no request
    /// can name its approvers in a way that silences them.
    public Transition deny(SubjectId approver, String comment, Instant now) {
      return isLate(now)
          ? tooLate()
          : new Transition.NewState(new Denied(submission, approver, Party.TENANT, comment, now));
    }

    /// The engineer no longer needs it.
    public Transition withdraw(SubjectId by, Instant now) {
      if (isLate(now)) {
        return tooLate();
      }
      return submission.engineer().sidesWith(by)
          ? new Transition.NewState(new Withdrawn(submission, by, now))
          : new Transition.Refused(Refusal.NOT_THE_REQUESTER);
    }

    /// Writes down that nobody decided in time.
    public Transition lapse(Instant now) {
      return isLate(now) ? tooLate() : new Transition.Refused(Refusal.NOT_YET);
    }

    private boolean isLate(Instant now) {
      return !now.isBefore(submission.decideBy());
    }

    private Transition tooLate() {
      return new Transition.TooLate(new Lapsed(submission));
    }

    private boolean isRequestersSide(SubjectId subject) {
      return submission.engineer().sidesWith(subject)
          || (review instanceof Review.Passed(var reviewer, var _) && reviewer.equals(subject));
    }
  }

  /// A quorum said yes, or the policy, with no approvals; the grant tells whether it is still in
  /// force.
  record Approved(
      Submission submission, Review review, List<Approval> approvals, Instant at, Grant grant)
      implements AccessRequest {
    public Approved {
      approvals = List.copyOf(approvals);
    }

    @Override
    public RequestState state() {
      return grant.state();
    }

    /// The same request with its grant moved on.
    public Approved with(Grant next) {
      return new Approved(submission, review, approvals, at, next);
    }
  }

  record Denied(Submission submission, SubjectId by, Party side, String comment, Instant at)
      implements AccessRequest {
    @Override
    public RequestState state() {
      return RequestState.DENIED;
    }
  }

  record Withdrawn(Submission submission, SubjectId by, Instant at) implements AccessRequest {
    @Override
    public RequestState state() {
      return RequestState.WITHDRAWN;
    }
  }

  /// Nobody decided by `decideBy`.
  record Lapsed(Submission submission) implements AccessRequest {
    @Override
    public RequestState state() {
      return RequestState.LAPSED;
    }
  }

  /// Whose no it was.
  enum Party {
    PROVIDER,
    TENANT,
    POLICY
  }
}
