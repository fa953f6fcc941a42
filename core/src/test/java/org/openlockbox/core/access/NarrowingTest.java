package org.openlockbox.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openlockbox.core.access.AcmeRequests.ANN;
import static org.openlockbox.core.access.AcmeRequests.BOB;
import static org.openlockbox.core.access.AcmeRequests.EVERYBODY;
import static org.openlockbox.core.access.AcmeRequests.NINE;
import static org.openlockbox.core.access.AcmeRequests.moved;
import static org.openlockbox.core.access.AcmeRequests.yes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.AccessRequest.Approved;
import org.openlockbox.core.access.AccessRequest.Pending;

class NarrowingTest {
  private final AcmeRequests acme = new AcmeRequests();

  @Test
  void theGrantIsTheIntersectionOfWhatTheApproversAllow() {
    var submission = acme.submission(2);
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
                acme.pending(2)
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
    var first =
        (Pending) moved(acme.pending(2).approve(yes(ANN, only("tickets"), NINE), EVERYBODY));
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
    return Allowance.of(acme.submission(2), narrowing, NINE);
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
    var submission = acme.submission(1);
    var wider = change.apply(Allowance.asAsked(submission, NINE), submission);
    assertThat(Pending.of(submission).approve(yes(ANN, wider, NINE), EVERYBODY))
        .isEqualTo(new Outcome.Refused(why));
  }

  private static Allowance with(Allowance a, Level level, Window window, Duration duration) {
    return new Allowance(level, window, duration, a.rowBudget(), a.tables());
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
}
