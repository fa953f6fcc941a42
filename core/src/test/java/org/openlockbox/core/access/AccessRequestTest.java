package org.openlockbox.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Denied;
import org.openlockbox.core.access.AccessRequest.Lapsed;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.access.AccessRequest.Withdrawn;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.KeyId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

class AccessRequestTest {
  private static final Instant NINE = SettableClock.START;
  private static final SubjectId ANN = new SubjectId("ann");
  private static final SubjectId BOB = new SubjectId("bob");
  private static final SubjectId RAY = new SubjectId("ray");
  private static final SubjectId EVE = TenantFixture.EVE;
  private static final Electorate EVERYBODY =
      new Electorate(1, Set.of(key(ANN), key(BOB), key(RAY), key(EVE)));

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());

  /// Every command in every state: the word of the next state, or of the refusal, or `-` where the
  /// state has no such command.
  @ParameterizedTest
  @CsvSource({
    "unreviewed, passReview,   pending",
    "unreviewed, rejectReview, denied",
    "unreviewed, approve,      review_missing",
    "unreviewed, deny,         denied",
    "unreviewed, withdraw,     withdrawn",
    "unreviewed, lapse,        not_yet",
    "pending,    passReview,   review_not_needed",
    "pending,    rejectReview, review_not_needed",
    "pending,    approve,      approved",
    "pending,    deny,         denied",
    "pending,    withdraw,     withdrawn",
    "pending,    lapse,        not_yet",
    "reviewed,   passReview,   already_reviewed",
    "reviewed,   rejectReview, already_reviewed",
    "reviewed,   approve,      approved",
    "reviewed,   deny,         denied",
    "reviewed,   withdraw,     withdrawn",
    "reviewed,   lapse,        not_yet",
    "late,       passReview,   lapsed",
    "late,       rejectReview, lapsed",
    "late,       approve,      lapsed",
    "late,       deny,         lapsed",
    "late,       withdraw,     lapsed",
    "late,       lapse,        lapsed",
    "approved,   approve,      -",
    "approved,   withdraw,     -",
    "approved,   complete,     completed",
    "approved,   revoke,       revoked",
    "approved,   removalFailed,-",
    "over,       complete,     expired",
    "over,       revoke,       expired",
    "completed,  revoke,       -",
    "completed,  removalFailed,removalFailed",
    "expired,    complete,     -",
    "expired,    removalFailed,removalFailed",
    "revoked,    complete,     -",
    "revoked,    removalFailed,removalFailed",
    "failed,     complete,     -",
    "failed,     removed,      revoked",
    "denied,     approve,      -",
    "withdrawn,  approve,      -",
    "lapsed,     approve,      -",
  })
  void everyCommandInEveryState(String from, String command, String to) {
    assertThat(tried(from, command)).isEqualTo(to);
  }

  private String tried(String from, String command) {
    var late = from.equals("late") ? NINE.plus(Duration.ofHours(12)) : NINE;
    return switch (state(from)) {
      case Pending pending -> word(command(pending, command, late));
      case Approved approved -> grant(approved, command, from.equals("over"));
      case Denied _, Withdrawn _, Lapsed _ -> "-";
    };
  }

  private AccessRequest state(String name) {
    var active = (Approved) moved(pending(1).approve(yes(ANN, asAsked(1), NINE), EVERYBODY));
    var grant = (Grant.Active) active.grant();
    var revoked = grant.revoke(ANN, true, NINE);
    return switch (name) {
      case "unreviewed" -> new Pending(submission(1), new Review.Needed(), List.of());
      case "reviewed" -> new Pending(submission(1), new Review.Passed(RAY, NINE), List.of());
      case "pending", "late" -> pending(1);
      case "approved", "over" -> active;
      case "completed" -> active.with(grant.complete(EVE, NINE));
      case "expired" -> active.with(grant.at(grant.terms().window().notAfter()));
      case "revoked" -> active.with(revoked);
      case "failed" -> active.with(revoked.removalFailed("role in use", NINE));
      case "denied" -> moved(pending(1).deny(ANN, "", NINE));
      case "withdrawn" -> moved(pending(1).withdraw(EVE, NINE));
      case "lapsed" -> new Lapsed(submission(1));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private Outcome command(Pending pending, String command, Instant now) {
    return switch (command) {
      case "passReview" -> pending.passReview(RAY, now);
      case "rejectReview" -> pending.rejectReview(RAY, "no", now);
      case "approve" -> pending.approve(yes(ANN, asAsked(1), now), EVERYBODY);
      case "deny" -> pending.deny(ANN, "no", now);
      case "withdraw" -> pending.withdraw(EVE, now);
      case "lapse" -> pending.lapse(now);
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static String grant(Approved approved, String command, boolean over) {
    var now = over ? approved.grant().terms().window().notAfter() : NINE;
    return switch (approved.grant()) {
      case Grant.Active active when command.equals("complete") ->
          active.complete(EVE, now).state().word();
      case Grant.Active active when command.equals("revoke") ->
          active.revoke(ANN, true, now).state().word();
      case Grant.Ended ended when command.equals("removalFailed") ->
          ended.removalFailed("role in use", now).state().word();
      case Grant.RemovalFailed failed when command.equals("removed") ->
          failed.removed().state().word();
      case Grant.Active _, Grant.Ended _, Grant.RemovalFailed _ -> "-";
    };
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Moved(var to) -> to.state().word();
      case Outcome.TooLate(var lapsed) -> lapsed.state().word();
      case Outcome.Refused(var why) -> why.word();
    };
  }

  @Test
  void aDecisionJustBeforeTheDeadlineCounts() {
    var last = submission(1).decideBy().minusMillis(1);
    assertThat(
            word(
                pending(1)
                    .approve(yes(ANN, Allowance.asAsked(submission(1), last), last), EVERYBODY)))
        .isEqualTo("approved");
  }

  @Test
  void aGrantIsInForceUntilJustBeforeItsEnd() {
    var approved = (Approved) state("approved");
    var end = approved.grant().terms().window().notAfter();
    assertThat(end).isEqualTo(NINE.plus(Duration.ofMinutes(30)));
    assertThat(approved.grant().at(end.minusMillis(1))).isInstanceOf(Grant.Active.class);
    assertThat(approved.grant().at(end)).isInstanceOf(Grant.Expired.class);
  }

  @Test
  void theClockStartsAtApprovalAndNotWhenItWasAllowed() {
    var later = NINE.plus(Duration.ofHours(1));
    var first = (Pending) moved(pending(2).approve(yes(ANN, asAsked(2), NINE), EVERYBODY));
    var approved =
        (Approved)
            moved(
                first.approve(yes(BOB, Allowance.asAsked(submission(2), later), later), EVERYBODY));
    assertThat(approved.grant().terms().window())
        .isEqualTo(new Window(later, later.plus(Duration.ofMinutes(30))));
  }

  @Test
  void theClockStartsAtTheAgreedLaterStart() {
    var start = NINE.plus(Duration.ofHours(3));
    var asked = acme.terms();
    var terms =
        new Terms(
            asked.resource(),
            asked.level(),
            Optional.of(start),
            asked.duration(),
            asked.rowBudget(),
            asked.tables());
    var submission = acme.submission(terms, 1);
    var approved =
        (Approved)
            moved(
                Pending.of(submission)
                    .approve(yes(ANN, Allowance.asAsked(submission, NINE), NINE), EVERYBODY));
    assertThat(approved.grant().terms().window().notBefore()).isEqualTo(start);
  }

  @Test
  void theGrantIsTheIntersectionOfWhatTheApproversAllow() {
    var submission = submission(2);
    var less =
        new Narrowing(
            Optional.of(Level.METADATA),
            Optional.empty(),
            Optional.of(Duration.ofMinutes(5)),
            Optional.empty(),
            Optional.of(Tables.of(List.of("tickets"))));
    var fewer =
        new Narrowing(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new RowBudget(7)),
            Optional.empty());
    var first =
        (Pending)
            moved(
                pending(2)
                    .approve(yes(ANN, Allowance.of(submission, less, NINE), NINE), EVERYBODY));
    var approved =
        (Approved)
            moved(first.approve(yes(BOB, Allowance.of(submission, fewer, NINE), NINE), EVERYBODY));
    assertThat(approved.grant().terms())
        .isEqualTo(
            new GrantTerms(
                Level.METADATA,
                new Window(NINE, NINE.plus(Duration.ofMinutes(5))),
                new RowBudget(7),
                Tables.of(List.of("tickets"))));
  }

  @Test
  void approversWhoAllowNothingTogetherApproveNothing() {
    var first = (Pending) moved(pending(2).approve(yes(ANN, only("tickets"), NINE), EVERYBODY));
    assertThat(first.approve(yes(BOB, only("customers"), NINE), EVERYBODY))
        .isEqualTo(new Outcome.Refused(Refusal.NOTHING_LEFT));
  }

  private Allowance only(String table) {
    var narrowing =
        new Narrowing(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Tables.of(List.of(table))));
    return Allowance.of(submission(2), narrowing, NINE);
  }

  @Test
  void anApproverCannotAllowMoreThanWasAsked() {
    assertRefused(Refusal.LEVEL_WIDER, (a, s) -> with(a, Level.READ, a.window(), a.duration()));
    assertRefused(
        Refusal.TIME_WIDER,
        (a, s) ->
            with(a, a.level(), new Window(NINE, NINE.plus(Duration.ofMinutes(31))), a.duration()));
    assertRefused(
        Refusal.TIME_WIDER, (a, s) -> with(a, a.level(), a.window(), Duration.ofMinutes(31)));
    assertRefused(
        Refusal.TIME_WIDER,
        (a, s) -> {
          var start = s.decideBy().plusMillis(1);
          var window = new Window(start, start.plus(Duration.ofMinutes(30)));
          return with(a, a.level(), window, a.duration());
        });
    assertRefused(
        Refusal.ROW_BUDGET_WIDER,
        (a, s) ->
            new Allowance(a.level(), a.window(), a.duration(), RowBudget.UNLIMITED, a.tables()));
    assertRefused(
        Refusal.TABLES_WIDER,
        (a, s) -> new Allowance(a.level(), a.window(), a.duration(), a.rowBudget(), Tables.ALL));
  }

  private void assertRefused(Refusal why, BiFunction<Allowance, Submission, Allowance> change) {
    var submission = submission(1);
    var wider = change.apply(Allowance.asAsked(submission, NINE), submission);
    assertThat(Pending.of(submission).approve(yes(ANN, wider, NINE), EVERYBODY))
        .isEqualTo(new Outcome.Refused(why));
  }

  private static Allowance with(Allowance a, Level level, Window window, Duration duration) {
    return new Allowance(level, window, duration, a.rowBudget(), a.tables());
  }

  @Test
  void nobodyOnTheRequestersSideDecides() {
    assertThat(pending(1).approve(yes(EVE, asAsked(1), NINE), EVERYBODY))
        .isEqualTo(new Outcome.Refused(Refusal.REQUESTERS_SIDE));
    assertThat(pending(1).deny(EVE, "", NINE))
        .isEqualTo(new Outcome.Refused(Refusal.REQUESTERS_SIDE));
    var reviewed = (Pending) state("reviewed");
    assertThat(reviewed.approve(yes(RAY, asAsked(1), NINE), EVERYBODY))
        .isEqualTo(new Outcome.Refused(Refusal.REQUESTERS_SIDE));
    assertThat(((Pending) state("unreviewed")).passReview(EVE, NINE))
        .isEqualTo(new Outcome.Refused(Refusal.REQUESTERS_SIDE));
  }

  @Test
  void onlyTheRequesterWithdraws() {
    assertThat(pending(1).withdraw(ANN, NINE))
        .isEqualTo(new Outcome.Refused(Refusal.NOT_THE_REQUESTER));
  }

  @Test
  void termsHaveLimits() {
    var asked = acme.terms();
    for (var wrong :
        List.of(Duration.ZERO, Duration.ofMinutes(-1), Duration.ofDays(30).plusMillis(1))) {
      assertThatThrownBy(
              () ->
                  new Terms(
                      asked.resource(),
                      asked.level(),
                      Optional.empty(),
                      wrong,
                      asked.rowBudget(),
                      asked.tables()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Reason(" \n")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Reason("x".repeat(2001)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RowBudget(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Reason("x".repeat(2000)).text()).hasSize(2000);
  }

  /// Whatever people do in whatever order, access is granted only by a quorum of distinct
  /// approvers, none of them on the requester's side, all before the deadline, and never more than
  /// was asked.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void grantedOnlyByAQuorumOfOthersInTimeAndNeverWider(long seed) {
    var random = new Random(seed);
    int granted = 0;
    for (int walk = 0; walk < 300; walk++) {
      var submission = submission(1 + random.nextInt(3));
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
    assertThat(terms.tables().isWiderThan(submission.terms().tables())).isFalse();
    assertThat(terms.rowBudget().isWiderThan(submission.terms().rowBudget())).isFalse();
  }

  private AccessRequest randomStep(AccessRequest state, Random random, Instant now) {
    return switch (state) {
      case Pending pending -> next(pending, randomMove(pending, random, now));
      case Approved approved when approved.grant() instanceof Grant.Active active ->
          random.nextInt(5) == 0 ? approved.with(active.revoke(ANN, true, now)) : approved;
      case Approved _, Denied _, Withdrawn _, Lapsed _ -> state;
    };
  }

  private Outcome randomMove(Pending pending, Random random, Instant now) {
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
        random.nextInt(6) == 0 ? RowBudget.UNLIMITED : new RowBudget(1 + random.nextInt(1000)),
        random.nextInt(6) == 0 ? Tables.ALL : submission.terms().tables());
  }

  private static AccessRequest next(Pending before, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Moved(var to) -> to;
      case Outcome.TooLate(var lapsed) -> lapsed;
      case Outcome.Refused _ -> before;
    };
  }

  private static AccessRequest moved(Outcome outcome) {
    if (outcome instanceof Outcome.Moved(var to)) {
      return to;
    }
    throw new AssertionError(outcome.toString());
  }

  private Submission submission(int quorum) {
    return acme.submission(acme.terms(), quorum);
  }

  private Pending pending(int quorum) {
    return Pending.of(submission(quorum));
  }

  private Allowance asAsked(int quorum) {
    return Allowance.asAsked(submission(quorum), NINE);
  }

  private static Approval yes(SubjectId approver, Allowance allowance, Instant at) {
    return new Approval(approver, key(approver), allowance, at);
  }

  private static KeyId key(SubjectId approver) {
    return new KeyId(Bytes.ofUtf8(approver.value()).sha256());
  }
}
