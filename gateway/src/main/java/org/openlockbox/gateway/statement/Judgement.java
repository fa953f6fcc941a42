package org.openlockbox.gateway.statement;

import java.util.Optional;
import org.openlockbox.core.evidence.StatementFacts;

/// What the record says about a statement, and why it is not passed on, if it is not.
public record Judgement(StatementFacts facts, Optional<Refusal> refusal) {
  /// One that passes.
  public static Judgement passing(StatementFacts facts) {
    return new Judgement(facts, Optional.empty());
  }

  static Judgement of(StatementFacts facts, Optional<Refusal> refusal) {
    return new Judgement(refusal.map(why -> facts.refusedFor(why.word())).orElse(facts), refusal);
  }
}
