package org.openlockbox.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.core.access.AcmeRequests.ANN;
import static org.openlockbox.core.access.AcmeRequests.BOB;
import static org.openlockbox.core.access.AcmeRequests.EVE;
import static org.openlockbox.core.access.AcmeRequests.EVERYBODY;
import static org.openlockbox.core.access.AcmeRequests.NINE;
import static org.openlockbox.core.access.AcmeRequests.RAY;
import static org.openlockbox.core.access.AcmeRequests.moved;
import static org.openlockbox.core.access.AcmeRequests.yes;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Denied;
import org.openlockbox.core.access.AccessRequest.Lapsed;
import org.openlockbox.core.access.AccessRequest.Pending;
import org.openlockbox.core.access.AccessRequest.Withdrawn;

class AccessRequestTest {
  private final AcmeRequests acme = new AcmeRequests();

  /// Every command that a state has, and the word of the next state or of the refusal.
  private static final String TABLE =
      """
      unreviewed passReview      pending
      unreviewed rejectReview    denied
      unreviewed approve         review_missing
      unreviewed approveByPolicy review_missing
      unreviewed deny            denied
      unreviewed denyByPolicy    denied
      unreviewed withdraw        withdrawn
      unreviewed lapse           not_yet
      pending    passReview      review_not_needed
      pending    rejectReview    review_not_needed
      pending    approve         approved
      pending    approveByPolicy approved
      pending    deny            denied
      pending    denyByPolicy    denied
      pending    withdraw        withdrawn
      pending    lapse           not_yet
      reviewed   passReview      already_reviewed
      reviewed   rejectReview    already_reviewed
      reviewed   approve         approved
      reviewed   approveByPolicy approved
      reviewed   deny            denied
      reviewed   denyByPolicy    denied
      reviewed   withdraw        withdrawn
      reviewed   lapse           not_yet
      late       passReview      lapsed
      late       rejectReview    lapsed
      late       approve         lapsed
      late       approveByPolicy lapsed
      late       deny            lapsed
      late       denyByPolicy    lapsed
      late       withdraw        lapsed
      late       lapse           lapsed
      approved   at              approved
      approved   complete        completed
      approved   revoke          revoked
      over       at              expired
      over       complete        expired
      over       revoke          expired
      completed  at              completed
      completed  removalFailed   removalFailed
      expired    at              expired
      expired    removalFailed   removalFailed
      revoked    at              revoked
      revoked    removalFailed   removalFailed
      failed     at              removalFailed
      failed     removed         revoked
      """;

  static Stream<Arguments> rows() {
    return TABLE.lines().map(row -> Arguments.of((Object[]) row.split(" +")));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyCommandInEveryState(String from, String command, String to) {
    assertThat(tried(from, command)).isEqualTo(to);
  }

  /// Which commands a state has is a matter of its type; who was denied, has withdrawn or lapsed
  /// has none. A command that a type gains needs its row.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "unreviewed",
        "pending",
        "reviewed",
        "late",
        "approved",
        "over",
        "completed",
        "expired",
        "revoked",
        "failed",
        "denied",
        "withdrawn",
        "lapsed"
      })
  void theTableHasEveryCommandOfEveryState(String name) {
    Object holder = state(name) instanceof Approved approved ? approved.grant() : state(name);
    assertThat(rows().map(Arguments::get).filter(row -> row[0].equals(name)).map(row -> row[1]))
        .containsExactlyInAnyOrderElementsOf(commands(holder.getClass()));
  }

  /// The methods that lead to an outcome or to the next state of a grant.
  private static Set<Object> commands(Class<?> type) {
    var components = Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
    return Stream.of(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !components.contains(method.getName()))
        .filter(
            method ->
                Transition.class.isAssignableFrom(method.getReturnType())
                    || Grant.class.isAssignableFrom(method.getReturnType())
                    || AccessRequest.class.isAssignableFrom(method.getReturnType()))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  private String tried(String from, String command) {
    var late = from.equals("late") ? NINE.plus(Duration.ofHours(12)) : NINE;
    return switch (state(from)) {
      case Pending pending -> word(command(pending, command, late));
      case Approved approved -> grant(approved, command, from.equals("over")).state().word();
      case Denied _, Withdrawn _, Lapsed _ -> throw new IllegalArgumentException(from);
    };
  }

  private AccessRequest state(String name) {
    var active =
        (Approved) moved(acme.pending(1).approve(yes(ANN, acme.asAsked(1), NINE), EVERYBODY));
    var grant = (Grant.Active) active.grant();
    var revoked = grant.revoke(ANN, true, NINE);
    return switch (name) {
      case "unreviewed" -> new Pending(acme.submission(1), new Review.Needed(), List.of());
      case "reviewed" -> new Pending(acme.submission(1), new Review.Passed(RAY, NINE), List.of());
      case "pending", "late" -> acme.pending(1);
      case "approved", "over" -> active;
      case "completed" -> active.with(grant.complete(EVE, NINE));
      case "expired" -> active.with(grant.at(grant.terms().window().notAfter()));
      case "revoked" -> active.with(revoked);
      case "failed" -> active.with(revoked.removalFailed("role in use", NINE));
      case "denied" -> moved(acme.pending(1).deny(ANN, "", NINE));
      case "withdrawn" -> moved(acme.pending(1).withdraw(EVE, NINE));
      case "lapsed" -> new Lapsed(acme.submission(1));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private Transition command(Pending pending, String command, Instant now) {
    return switch (command) {
      case "passReview" -> pending.passReview(RAY, now);
      case "rejectReview" -> pending.rejectReview(RAY, "no", now);
      case "approve" -> pending.approve(yes(ANN, acme.asAsked(1), now), EVERYBODY);
      case "approveByPolicy" -> pending.approveByPolicy(acme.asAsked(1), now);
      case "deny" -> pending.deny(ANN, "no", now);
      case "denyByPolicy" -> pending.denyByPolicy("no", now);
      case "withdraw" -> pending.withdraw(EVE, now);
      case "lapse" -> pending.lapse(now);
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Grant grant(Approved approved, String command, boolean over) {
    var now = over ? approved.grant().terms().window().notAfter() : NINE;
    return switch (approved.grant()) {
      case Grant any when command.equals("at") -> any.at(now);
      case Grant.Active active when command.equals("complete") -> active.complete(EVE, now);
      case Grant.Active active when command.equals("revoke") -> active.revoke(ANN, true, now);
      case Grant.Ended ended when command.equals("removalFailed") ->
          ended.removalFailed("role in use", now);
      case Grant.RemovalFailed failed when command.equals("removed") -> failed.removed();
      case Grant.Active _, Grant.Ended _, Grant.RemovalFailed _ ->
          throw new IllegalArgumentException(command);
    };
  }

  private static String word(Transition outcome) {
    return switch (outcome) {
      case Transition.NewState(var to) -> to.state().word();
      case Transition.TooLate(var lapsed) -> lapsed.state().word();
      case Transition.Refused(var why) -> why.word();
    };
  }

  @Test
  void aDecisionJustBeforeTheDeadlineCounts() {
    var last = acme.submission(1).decideBy().minusMillis(1);
    assertThat(
            word(
                acme.pending(1)
                    .approve(
                        yes(ANN, Allowance.asAsked(acme.submission(1), last), last), EVERYBODY)))
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
    var first =
        (Pending) moved(acme.pending(2).approve(yes(ANN, acme.asAsked(2), NINE), EVERYBODY));
    var approved =
        (Approved)
            moved(
                first.approve(
                    yes(BOB, Allowance.asAsked(acme.submission(2), later), later), EVERYBODY));
    assertThat(approved.grant().terms().window())
        .isEqualTo(new Window(later, later.plus(Duration.ofMinutes(30))));
  }

  @Test
  void theClockStartsAtTheAgreedLaterStart() {
    var start = NINE.plus(Duration.ofHours(3));
    var asked = acme.terms();
    var terms =
        new Terms(
            asked.resource(), asked.level(), Optional.of(start), asked.duration(), asked.limits());
    var submission = acme.submission(terms);
    var approved =
        (Approved)
            moved(
                Pending.of(submission)
                    .approve(yes(ANN, Allowance.asAsked(submission, NINE), NINE), EVERYBODY));
    assertThat(approved.grant().terms().window().notBefore()).isEqualTo(start);
  }

  @Test
  void nobodyOnTheRequestersSideApproves() {
    assertThat(acme.pending(1).approve(yes(EVE, acme.asAsked(1), NINE), EVERYBODY))
        .isEqualTo(new Transition.Refused(Refusal.REQUESTERS_SIDE));
    var reviewed = (Pending) state("reviewed");
    assertThat(reviewed.approve(yes(RAY, acme.asAsked(1), NINE), EVERYBODY))
        .isEqualTo(new Transition.Refused(Refusal.REQUESTERS_SIDE));
    assertThat(((Pending) state("unreviewed")).passReview(EVE, NINE))
        .isEqualTo(new Transition.Refused(Refusal.REQUESTERS_SIDE));
  }

  @Test
  void onlyTheRequesterWithdraws() {
    assertThat(acme.pending(1).withdraw(ANN, NINE))
        .isEqualTo(new Transition.Refused(Refusal.NOT_THE_REQUESTER));
  }

  @Test
  void whoeverIsNamedOnTheRequestersSideCanStillDeny() {
    for (var approver : List.of(ANN, EVE)) {
      assertThat(acme.pending(1).deny(approver, "no", NINE))
          .isInstanceOfSatisfying(
              Transition.NewState.class,
              moved -> assertThat(moved.to()).isInstanceOf(AccessRequest.Denied.class));
    }
    assertThat(((Pending) state("reviewed")).deny(RAY, "no", NINE))
        .isInstanceOf(Transition.NewState.class);
  }
}
