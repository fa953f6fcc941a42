package org.openlockbox.core.access;

import java.time.Instant;
import org.openlockbox.core.subject.SubjectId;

/// An approved request's access: in force, or ended, once and for good.
///
/// ```text
///            complete (engineer) ──────▶ Completed ┐  removal failed  ┌───────────────┐
///   Active ─ notAfter reached ─────────▶ Expired   ├────────────────▶ │ RemovalFailed │
///            revoke, stop (approver) ──▶ Revoked   ┘ ◀──────────────  └───────────────┘
///                                                    removed
/// ```
///
/// At `notAfter` a grant is over whether or not anybody has written that down: every transition
/// compares the time itself. [RemovalFailed] is an ended grant whose database role could not be
/// taken away; it is shown until it could.
public sealed interface Grant {
  GrantTerms terms();

  RequestState state();

  /// Where the grant stands at `now`.
  default Grant at(Instant now) {
    return this;
  }

  /// In force from `notBefore`, unless the time is over.
  record Active(GrantTerms terms) implements Grant {
    @Override
    public RequestState state() {
      return RequestState.APPROVED;
    }

    @Override
    public Grant at(Instant now) {
      return terms.window().isOpenAt(now) ? this : new Expired(terms);
    }

    /// The engineer is done.
    public Ended complete(SubjectId by, Instant now) {
      return at(now) instanceof Ended over ? over : new Completed(terms, by, now);
    }

    /// The tenant ends it; `signed` says whether by a signature or by a signed-in approver's word.
    public Ended revoke(SubjectId by, boolean signed, Instant now) {
      return at(now) instanceof Ended over ? over : new Revoked(terms, by, signed, now);
    }
  }

  /// Over, for one of three reasons. Nothing makes it active again.
  sealed interface Ended extends Grant {
    Instant endedAt();

    default RemovalFailed removalFailed(String why, Instant now) {
      return new RemovalFailed(this, why, now);
    }
  }

  record Completed(GrantTerms terms, SubjectId by, Instant endedAt) implements Ended {
    @Override
    public RequestState state() {
      return RequestState.COMPLETED;
    }
  }

  record Expired(GrantTerms terms) implements Ended {
    @Override
    public RequestState state() {
      return RequestState.EXPIRED;
    }

    @Override
    public Instant endedAt() {
      return terms.window().notAfter();
    }
  }

  record Revoked(GrantTerms terms, SubjectId by, boolean signed, Instant endedAt) implements Ended {
    @Override
    public RequestState state() {
      return RequestState.REVOKED;
    }
  }

  /// Ended, but something in the database still stands; people must look.
  record RemovalFailed(Ended ended, String why, Instant since) implements Grant {
    @Override
    public GrantTerms terms() {
      return ended.terms();
    }

    @Override
    public RequestState state() {
      return RequestState.REMOVAL_FAILED;
    }

    /// The leftover is gone.
    public Ended removed() {
      return ended;
    }
  }
}
