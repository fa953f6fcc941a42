package org.openlockbox.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.core.access.AcmeRequests.ANN;
import static org.openlockbox.core.access.AcmeRequests.BOB;
import static org.openlockbox.core.access.AcmeRequests.EVE;
import static org.openlockbox.core.access.AcmeRequests.EVERYBODY;
import static org.openlockbox.core.access.AcmeRequests.NINE;
import static org.openlockbox.core.access.AcmeRequests.RAY;
import static org.openlockbox.core.access.AcmeRequests.yes;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Denied;
import org.openlockbox.core.access.AccessRequest.Lapsed;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.access.AccessRequest.Withdrawn;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RandomLimits;
import org.openlockbox.core.subject.SubjectId;

class AccessRequestWalkTest {
  private final AcmeRequests acme = new AcmeRequests();

  /// Whatever people do in whatever order, access is granted only by a quorum of distinct
  /// approvers, none of them on the requester's side, all before the deadline, and never more than
  /// was asked.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void grantedOnlyByAQuorumOfOthersInTimeAndNeverWider(long seed) {
    var random = new Random(seed);
    int granted = 0;
    for (int walk = 0; walk < 300; walk++) {
      var submission = acme.submission(1 + random.nextInt(3));
      AccessRequest state =
          new Pending(
              submission,
              random.nextBoolean() ? new Review.Needed() : new Review.NotNeeded(),
              List.of());
      for (int step = 0; step < 15; step++) {
        state = randomStep(state, random, NINE.plus(Duration.ofMinutes(70L * step)));
        if (state instanceof Approved approved) {
          assertSound(approved);
          granted++;
        }
      }
    }
    assertThat(granted).isPositive();
  }

  private static void assertSound(Approved approved) {
    var submission = approved.submission();
    var people = new HashSet<>(approved.approvals().stream().map(Approval::approver).toList());
    assertThat(people).hasSameSizeAs(approved.approvals()).doesNotContain(EVE);
    if (approved.review() instanceof Review.Passed(var reviewer, var _)) {
      assertThat(people).doesNotContain(reviewer);
    }
    assertThat(people).hasSizeGreaterThanOrEqualTo(submission.quorum());
    assertThat(approved.review()).isNotInstanceOf(Review.Needed.class);
    assertThat(approved.approvals()).allMatch(a -> a.at().isBefore(submission.decideBy()));
    var terms = approved.grant().terms();
    assertThat(terms.level()).isLessThanOrEqualTo(submission.terms().level());
    assertThat(terms.window().length()).isLessThanOrEqualTo(submission.terms().duration());
    assertThat(terms.window().notBefore()).isAfterOrEqualTo(approved.at());
    assertThat(terms.limits().widerIn(submission.terms().limits())).isEmpty();
  }

  private AccessRequest randomStep(AccessRequest state, Random random, Instant now) {
    return switch (state) {
      case Pending pending -> next(pending, randomMove(pending, random, now));
      case Approved approved when approved.grant() instanceof Grant.Active active ->
          random.nextInt(5) == 0 ? approved.with(active.revoke(ANN, true, now)) : approved;
      case Approved _, Denied _, Withdrawn _, Lapsed _ -> state;
    };
  }

  private Transition randomMove(Pending pending, Random random, Instant now) {
    var someone = List.of(ANN, BOB, RAY, EVE, new SubjectId("cat")).get(random.nextInt(5));
    return switch (random.nextInt(12)) {
      case 0 -> pending.deny(someone, "", now);
      case 1 -> pending.withdraw(someone, now);
      case 2 -> pending.lapse(now);
      case 3 -> pending.rejectReview(someone, "", now);
      case 4, 5 -> pending.passReview(RAY, now);
      default ->
          pending.approve(
              yes(someone, randomAllowance(pending.submission(), random, now), now), EVERYBODY);
    };
  }

  private static Allowance randomAllowance(Submission submission, Random random, Instant now) {
    return new Allowance(
        List.of(Level.METADATA, Level.MASKED, Level.READ).get(random.nextInt(3)),
        new Window(
            now, now.plus(Duration.ofMinutes(1 + random.nextInt(random.nextBoolean() ? 30 : 800)))),
        Duration.ofMinutes(1 + random.nextInt(31)),
        random.nextInt(3) == 0
            ? RandomLimits.limits(random)
            : RandomLimits.limits(random)
                .narrower(submission.terms().limits())
                .orElse(Limits.UNWRITTEN));
  }

  private static AccessRequest next(Pending before, Transition outcome) {
    return switch (outcome) {
      case Transition.NewState(var to) -> to;
      case Transition.TooLate(var lapsed) -> lapsed;
      case Transition.Refused _ -> before;
    };
  }
}
