package org.openlockbox.gateway.session;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.evidence.StatementFacts;
import org.openlockbox.gateway.statement.Judge;
import org.openlockbox.gateway.statement.Judgement;

/// Asks the session's [Judge] from the session's loop, which must not wait: what is short or known
/// is judged at once, the rest beside, and the loop is woken.
final class Judging {
  private final Judge judge;
  private final Executor longTexts;
  private final Runnable wake;
  private @Nullable Asked asked;

  /// The one text that is being judged beside: the session stands still meanwhile.
  private record Asked(Bytes sql, CompletableFuture<Judgement> answer) {}

  Judging(Judge judge, Executor longTexts, Runnable wake) {
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
