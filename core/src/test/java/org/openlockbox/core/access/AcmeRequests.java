package org.openlockbox.core.access;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// What the tests of the machine start from: requests to one tenant, and the people around them.
final class AcmeRequests {
  static final Instant NINE = SettableClock.START;
  static final SubjectId ANN = new SubjectId("ann");
  static final SubjectId BOB = new SubjectId("bob");
  static final SubjectId RAY = new SubjectId("ray");
  static final SubjectId EVE = TenantFixture.EVE;
  static final Electorate EVERYBODY =
      new Electorate(
          1, Set.of(key(ANN), key(BOB), key(RAY), key(EVE)), Set.of(ANN, BOB, RAY, EVE), List.of());

  private final TenantFixture tenant = new TenantFixture("acme", 1, new SettableClock());

  Terms terms() {
    return tenant.terms();
  }

  Submission submission(Terms terms) {
    return tenant.submission(terms, 1);
  }

  static AccessRequest moved(Transition outcome) {
    if (outcome instanceof Transition.NewState(var to)) {
      return to;
    }
    throw new AssertionError(outcome.toString());
  }

  Submission submission(int quorum) {
    return tenant.submission(tenant.terms(), quorum);
  }

  Pending pending(int quorum) {
    return Pending.of(submission(quorum));
  }

  Allowance asAsked(int quorum) {
    return Allowance.asAsked(submission(quorum), NINE);
  }

  static Approval yes(SubjectId approver, Allowance allowance, Instant at) {
    return new Approval(approver, key(approver), allowance, at);
  }

  static KeyId key(SubjectId approver) {
    return new KeyId(Bytes.ofUtf8(approver.value()).sha256());
  }
}
