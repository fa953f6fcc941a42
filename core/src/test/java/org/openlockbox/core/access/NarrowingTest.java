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
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.limits.ByteBudget;
import org.openlockbox.core.limits.Concurrency;
import org.openlockbox.core.limits.ExactStatements;
import org.openlockbox.core.limits.Hours;
import org.openlockbox.core.limits.Limit;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.Profile;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.limits.Shift;
import org.openlockbox.core.limits.SoftEnd;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.limits.Timeout;

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
            Limits.WIDEST.withTables(Tables.of(List.of("tickets"))));
    var fewer = Narrowing.to(Limits.WIDEST.withRowBudget(new RowBudget(7)));
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
                Limits.UNWRITTEN
                    .withRowBudget(new RowBudget(7))
                    .withTables(Tables.of(List.of("tickets")))));
  }

  @Test
  void approversWhoAllowNothingTogetherApproveNothing() {
    var first =
        (Pending) moved(acme.pending(2).approve(yes(ANN, only("tickets"), NINE), EVERYBODY));
    assertThat(first.approve(yes(BOB, only("customers"), NINE), EVERYBODY))
        .isEqualTo(new Transition.Refused(Refusal.NOTHING_LEFT));
  }

  private Allowance only(String table) {
    var narrowing = Narrowing.to(Limits.WIDEST.withTables(Tables.of(List.of(table))));
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
    for (var limit : Limit.values()) {
      assertRefused(
          Refusal.wider(limit),
          (a, s) -> new Allowance(a.level(), a.window(), a.duration(), wider(a.limits(), limit)));
    }
  }

  private Terms bounded() {
    var terms = acme.terms();
    var limits =
        terms
            .limits()
            .withByteBudget(new ByteBudget(1_000_000))
            .withStatementTimeout(Timeout.of(Duration.ofSeconds(30)))
            .withIdleTimeout(Timeout.of(Duration.ofMinutes(5)))
            .withSessions(new Concurrency(2))
            .withHours(Hours.of(Shift.parse("mon-fri 08:00-18:00 Europe/Berlin")))
            .withStatements(ExactStatements.of(List.of(Bytes.ofUtf8("select 1").sha256())))
            .withSoftEnd(new SoftEnd(Duration.ofSeconds(30)));
    return new Terms(terms.resource(), terms.level(), terms.notBefore(), terms.duration(), limits);
  }

  private static Limits wider(Limits limits, Limit limit) {
    return switch (limit) {
      case ROW_BUDGET -> limits.withRowBudget(new RowBudget(limits.rowBudget().rows() + 1));
      case BYTE_BUDGET -> limits.withByteBudget(new ByteBudget(limits.byteBudget().bytes() + 1));
      case TABLES -> limits.withTables(Tables.ALL);
      case STATEMENT_TIMEOUT -> limits.withStatementTimeout(Timeout.NONE);
      case IDLE_TIMEOUT -> limits.withIdleTimeout(Timeout.of(Duration.ofDays(1)));
      case SESSIONS -> limits.withSessions(Concurrency.UNLIMITED);
      case HOURS -> limits.withHours(Hours.of(Shift.parse("mon-sat 08:00-18:00 Europe/Berlin")));
      case PROFILE -> limits.withProfile(Profile.EXPERT);
      case STATEMENTS -> limits.withStatements(ExactStatements.ANY);
      case SOFT_END -> limits.withSoftEnd(new SoftEnd(Duration.ofSeconds(31)));
    };
  }

  private void assertRefused(Refusal why, BiFunction<Allowance, Submission, Allowance> change) {
    var submission = acme.submission(bounded());
    var wider = change.apply(Allowance.asAsked(submission, NINE), submission);
    assertThat(Pending.of(submission).approve(yes(ANN, wider, NINE), EVERYBODY))
        .isEqualTo(new Transition.Refused(why));
  }

  private static Allowance with(Allowance a, Level level, Window window, Duration duration) {
    return new Allowance(level, window, duration, a.limits());
  }

  @Test
  void termsHaveLimits() {
    var asked = acme.terms();
    for (var wrong :
        List.of(Duration.ZERO, Duration.ofMinutes(-1), Duration.ofDays(30).plusMillis(1))) {
      assertThatThrownBy(
              () ->
                  new Terms(
                      asked.resource(), asked.level(), Optional.empty(), wrong, asked.limits()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Reason(" \n")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Reason("x".repeat(2001)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RowBudget(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Reason("x".repeat(2000)).text()).hasSize(2000);
  }
}
