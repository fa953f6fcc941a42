package org.openlockbox.core.history;

import java.time.Instant;
import java.util.List;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.Approval;
import org.openlockbox.core.access.GrantTerms;
import org.openlockbox.core.access.Review;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.ProvenLog;
import org.openlockbox.core.statement.RequestRef;
import org.openlockbox.core.subject.Engineer;
import org.openlockbox.core.tenant.EpochLog;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.tlog.Checkpoint;

/// Proof that a quorum of a tenant's approvers signed for this access, and that nothing in the log
/// shown had ended it. Only [History] can make one. It does not know the time: ask [#isInForceAt].
/// Sessions hold one as long as they live, so it keeps none of the entries that proved it.
public final class ProvenGrant {
  private final Checkpoint checkpoint;
  private final Keyring keyring;
  private final EpochLog epochs;
  private final long covered;
  private final RequestRef request;
  private final Approved approved;
  private final GrantTerms terms;

  ProvenGrant(ProvenLog log, RequestRef request, Approved approved, GrantTerms terms) {
    this.checkpoint = log.checkpoint();
    this.keyring = log.keyring();
    this.epochs = log.epochs();
    this.covered = log.entries().getLast().seq() + 1;
    this.request = request;
    this.approved = approved;
    this.terms = terms;
  }

  public TenantId tenant() {
    return submission().tenant();
  }

  public RequestRef request() {
    return request;
  }

  public Submission submission() {
    return approved.submission();
  }

  public Engineer engineer() {
    return submission().engineer();
  }

  /// Level, window and limits that the approvers allowed together.
  public GrantTerms terms() {
    return terms;
  }

  public List<Approval> approvals() {
    return approved.approvals();
  }

  /// Whether a second person of the provider let the request through; a gateway whose resource asks
  /// for that has to check it.
  public boolean isReviewed() {
    return approved.review() instanceof Review.Passed;
  }

  public Keyring keyring() {
    return keyring;
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /// The epoch log that the tenant's log names.
  public EpochLog epochs() {
    return epochs;
  }

  /// The smallest size of the log that has every entry that this grant was proven with.
  public long covered() {
    return covered;
  }

  public boolean isInForceAt(Instant now) {
    return terms.window().contains(now);
  }

  @Override
  public String toString() {
    return "proven grant of " + request.id() + " " + terms;
  }
}
