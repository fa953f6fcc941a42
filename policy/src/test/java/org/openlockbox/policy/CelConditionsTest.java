package org.openlockbox.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Terms;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.limits.RowBudget;
import org.openlockbox.core.policy.Condition;
import org.openlockbox.core.policy.Conditions.Evaluation;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

/// What conditions in CEL say about a request: eve from Germany, for an hour of `read` from
/// Wednesday at nine on, at most 500 rows, for the ticket SUP-1, which is the tenant's own.
final class CelConditionsTest {
  private static final Instant START = Instant.parse("2026-11-25T09:00:00Z");

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final CelConditions conditions = new CelConditions();
  private final Question question =
      new Question(
          acme.submission(
              new Terms(
                  TenantFixture.HELPDESK,
                  Level.READ,
                  Optional.of(START),
                  Duration.ofHours(1),
                  Limits.UNWRITTEN.withRowBudget(new RowBudget(500))),
              1),
          START.minusSeconds(60),
          true);

  private Evaluation holds(String cel) {
    return conditions.holds(new Condition(cel), question);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "purpose == 'customer_ticket' && level in ['read', 'masked']",
        "duration <= duration('1h') && rows == 500",
        "resource == 'helpdesk' && tables.size() == 0",
        "engineer == 'eve' && country == 'DE' && employer.startsWith('Vendor')",
        "ticket.matches('^SUP-[0-9]+$') && ownTicket && !agent",
        "start == timestamp('2026-11-25T09:00:00Z')",
        "start.getHours('Europe/Berlin') == 10 && start.getDayOfWeek('Europe/Berlin') == 3",
        "profile == 'guarded'"
      })
  void aConditionHolds(String cel) {
    assertThat(holds(cel)).isEqualTo(new Evaluation.BooleanResult(true));
  }

  @Test
  void aConditionDoesNotHold() {
    assertThat(holds("rows > 500")).isEqualTo(new Evaluation.BooleanResult(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "purpsoe == 'customer_ticket'",
        "duration <= 4",
        "level",
        "'a' + ",
        "tables[7] == 'customers'",
        "rows / 0 == 1",
        "9223372036854775807 + rows > 0",
        "timestamp(ticket) > start",
        "start.getHours('Mars/Olympus') == 1",
        "tables.all(t, t == 'x')",
        "[1, 2, 3].exists(x, [1, 2, 3].exists(y, x == y))"
      })
  void whatDoesNotCompileOrThrowsOrLoopsHasNoValue(String cel) {
    assertThat(holds(cel)).isInstanceOf(Evaluation.NoValue.class);
  }

  @Test
  void anExpressionThatNestsTooDeepHasNoValue() {
    assertThat(holds("(".repeat(400) + "true" + ")".repeat(400)))
        .isInstanceOf(Evaluation.NoValue.class);
    assertThat(holds("!".repeat(900) + "true")).isNotNull();
  }

  @Test
  void aMistakeHasItsPlace() {
    var mistake = conditions.mistake(new Condition("rows > 5 &&\n  purpsoe == 'x'")).orElseThrow();
    assertThat(mistake.line()).isEqualTo(2);
    assertThat(mistake.column()).isEqualTo(3);
    assertThat(mistake.what()).contains("purpsoe");
    assertThat(conditions.mistake(new Condition("rows > 5"))).isEmpty();
  }

  @Test
  void theSameQuestionHasTheSameAnswerInEveryProgram() {
    var condition = new Condition("duration < duration('2h') && rows < 1000");
    assertThat(new CelConditions().holds(condition, question))
        .isEqualTo(conditions.holds(condition, question));
  }
}
