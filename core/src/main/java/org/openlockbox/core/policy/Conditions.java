package org.openlockbox.core.policy;

import java.util.Optional;

/// Evaluates the conditions of rules. The same condition and question give the same answer
/// everywhere, or none.
public interface Conditions {
  /// Where no condition can be evaluated: in programs that have nothing but a JDK.
  Conditions NONE =
      (condition, question) ->
          new Evaluation.NotEvaluable("it has a CEL condition, which is not recomputed here");

  /// Whether the condition holds for what is asked.
  Evaluation holds(Condition condition, Question question);

  /// What is wrong with the condition itself, whatever is asked; empty if nothing is, or if that is
  /// not known here.
  default Optional<Mistake> mistake(Condition condition) {
    return Optional.empty();
  }

  /// Why a condition cannot be evaluated: the place in its text, counted from 1, and what is wrong.
  record Mistake(int line, int column, String what) {}

  /// What came of evaluating a condition.
  sealed interface Evaluation {
    record BooleanResult(boolean holds) implements Evaluation {}

    /// It has no value for this question: it does not compile, it throws, it costs too much.
    /// Whoever evaluates it finds the same.
    record NoValue(String why) implements Evaluation {}

    /// It may have a value, but not in this program.
    record NotEvaluable(String why) implements Evaluation {}
  }
}
