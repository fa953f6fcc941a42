package org.openlockbox.gateway.session;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.gateway.admission.ExactTexts;
import org.openlockbox.gateway.postgres.PgError;
import org.openlockbox.gateway.statement.Judge;
import org.openlockbox.gateway.statement.Judgement;
import org.openlockbox.gateway.statement.Refusal;

/// Asks the session's [Judge] from the session's loop, which must not wait: what is short or known
/// is judged at once, the rest beside, and the loop is woken. Where only certain texts were
/// approved, any other is refused as it stands, read by nobody.
final class Judging {
  private static final String NOT_APPROVED = "not-approved";
  private static final Judgement ANOTHER_TEXT =
      new Judgement(
          StatementFacts.of(StatementFacts.UNKNOWN).refusedFor(NOT_APPROVED),
          Optional.of(
              new Refusal(
                  NOT_APPROVED,
                  PgError.error(
                      PgError.INSUFFICIENT_PRIVILEGE,
                      "this statement is not one of those that were approved word for word",
                      "`lockbox request show` tells them; send one exactly as it stands there."))));

  private final ExactTexts texts;
  private final Judge judge;
  private final Executor longTexts;
  private final Runnable wake;
  private @Nullable Asked asked;

  /// The one text that is being judged beside: the session stands still meanwhile.
  private record Asked(Bytes sql, CompletableFuture<Judgement> answer) {}

  Judging(ExactTexts texts, Judge judge, Executor longTexts, Runnable wake) {
    this.texts = texts;
    this.judge = judge;
    this.longTexts = longTexts;
    this.wake = wake;
  }

  /// What the record says about the name of a statement that was made in SQL.
  static Judgement madeInSql() {
    return Judgement.passing(StatementFacts.of("execute"));
  }

  /// Empty if it is not known yet; the loop is woken once it is.
  Optional<Judgement> of(Bytes sql) {
    if (!texts.allows(sql)) {
      return Optional.of(ANOTHER_TEXT);
    }
    if (judge.isQuick(sql)) {
      return Optional.of(judge.judge(sql));
    }
    Asked before = asked;
    if (before == null || !before.sql().equals(sql)) {
      var answer = CompletableFuture.supplyAsync(() -> judge.judge(sql), longTexts);
      asked = new Asked(sql, answer);
      var _ = answer.whenComplete((_, _) -> wake.run());
      return Optional.empty();
    }
    if (!before.answer().isDone()) {
      return Optional.empty();
    }
    asked = null;
    return Optional.of(before.answer().join());
  }
}
