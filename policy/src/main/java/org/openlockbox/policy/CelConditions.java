package org.openlockbox.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.policy.Condition;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.policy.Question;
import org.openlockbox.core.subject.Engineer;

/// Conditions in the Common Expression Language, over what is asked: `purpose`, `level`,
/// `resource`, `ticket`, `tables` (none for all), `engineer`, `country`, `employer`, `profile` as
/// texts; `duration`; `rows` (2^63 - 1 for no limit); `start`, when the access would begin; `agent`
/// and `ownTicket`, true or false.
///
/// A condition has no loops and is at most 1000 characters long, so what it costs is bounded before
/// it runs. One that does not compile, is not a truth value or throws has no value: that is a
/// [Conditions.Evaluation.NoValue]. So is one that needs a fact of the engineer which is not known.
public final class CelConditions implements Conditions {
  private static final int MOST_REMEMBERED = 1000;

  /// How deep an expression may nest.
  private static final int DEEPEST = 32;

  private static final int MOST_NODES = 500;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(Condition.LONGEST)
          .maxParseRecursionDepth(DEEPEST)
          .maxParseExpressionNodeCount(MOST_NODES)
          .maxRegexProgramSize(MOST_NODES)
          .comprehensionMaxIterations(0)
          .build();

  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .addVar("purpose", SimpleType.STRING)
          .addVar("level", SimpleType.STRING)
          .addVar("resource", SimpleType.STRING)
          .addVar("ticket", SimpleType.STRING)
          .addVar("tables", ListType.create(SimpleType.STRING))
          .addVar("engineer", SimpleType.STRING)
          .addVar("country", SimpleType.STRING)
          .addVar("employer", SimpleType.STRING)
          .addVar("profile", SimpleType.STRING)
          .addVar("duration", SimpleType.DURATION)
          .addVar("rows", SimpleType.INT)
          .addVar("start", SimpleType.TIMESTAMP)
          .addVar("agent", SimpleType.BOOL)
          .addVar("ownTicket", SimpleType.BOOL)
          .setResultType(SimpleType.BOOL)
          .build();
  private final CelRuntime runtime =
      CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();
  private final Map<Condition, Compiled> remembered =
      Collections.synchronizedMap(new RecentlyUsed<>(MOST_REMEMBERED));

  private sealed interface Compiled {
    record Program(CelRuntime.Program program) implements Compiled {}

    record CompileError(Mistake mistake) implements Compiled {}
  }

  @Override
  public Optional<Mistake> mistake(Condition condition) {
    return switch (compiled(condition)) {
      case Compiled.Program _ -> Optional.empty();
      case Compiled.CompileError(var mistake) -> Optional.of(mistake);
    };
  }

  @Override
  public Evaluation holds(Condition condition, Question question) {
    return switch (compiled(condition)) {
      case Compiled.CompileError(var mistake) -> new Evaluation.NoValue(mistake.what());
      case Compiled.Program(var program) -> run(program, question);
    };
  }

  private static Evaluation run(CelRuntime.Program program, Question question) {
    try {
      return program.eval(variables(question)) instanceof Boolean holds
          ? new Evaluation.BooleanResult(holds)
          : new Evaluation.NoValue("it is neither true nor false");
    } catch (CelEvaluationException | RuntimeException e) {
      return new Evaluation.NoValue("it cannot be evaluated: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
  }

  private static Map<String, ?> variables(Question question) {
    var asked = question.submission();
    var terms = asked.terms();
    var engineer = asked.engineer();
    var variables = new HashMap<String, Object>();
    engineer.country().ifPresent(country -> variables.put("country", country));
    engineer.employer().ifPresent(employer -> variables.put("employer", employer));
    engineer.kind().ifPresent(kind -> variables.put("agent", kind == Engineer.EngineerKind.AGENT));
    variables.putAll(
        Map.ofEntries(
            Map.entry("purpose", asked.purpose().word()),
            Map.entry("level", terms.level().word()),
            Map.entry("resource", terms.resource().value()),
            Map.entry("ticket", asked.ticket()),
            Map.entry("tables", terms.limits().tables().names()),
            Map.entry("engineer", engineer.id().value()),
            Map.entry("profile", terms.limits().profile().word()),
            Map.entry("duration", terms.duration()),
            Map.entry("rows", terms.limits().rowBudget().rows()),
            Map.entry("start", question.start()),
            Map.entry("ownTicket", question.ownTicket())));
    return variables;
  }

  private Compiled compiled(Condition condition) {
    var known = remembered.get(condition);
    if (known != null) {
      return known;
    }
    var compiled = compile(condition);
    remembered.put(condition, compiled);
    return compiled;
  }

  private Compiled compile(Condition condition) {
    try {
      var result = compiler.compile(condition.cel(), "when");
      return result.hasError()
          ? new Compiled.CompileError(first(result))
          : new Compiled.Program(runtime.createProgram(tree(result)));
    } catch (CelValidationException | CelEvaluationException | RuntimeException e) {
      return new Compiled.CompileError(new Mistake(1, 1, firstLine(e)));
    }
  }

  private static CelAbstractSyntaxTree tree(CelValidationResult result)
      throws CelValidationException {
    return result.getAst();
  }

  private static Mistake first(CelValidationResult result) {
    List<CelIssue> errors = result.getErrors();
    var error = errors.getFirst();
    var at = error.getSourceLocation();
    return new Mistake(at.getLine(), at.getColumn() + 1, error.getMessage());
  }
}
