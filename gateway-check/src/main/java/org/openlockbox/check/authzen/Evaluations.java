package org.openlockbox.check.authzen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.check.authzen.AccessQuestion.ActionName;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.check.catalogue.CheckedAction;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.CheckOrigin;
import org.openlockbox.check.session.CheckQuestion;
import org.openlockbox.check.session.CheckQuestion.CatalogueRule;
import org.openlockbox.check.session.CheckVerdict;
import org.openlockbox.check.session.CheckVerdict.DenialKind;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.operation.HttpFacts;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.gateway.gate.Clearance;

/// Answers evaluations, one or several at once. What is unknown is denied, and so is what a caller
/// may not ask about: the two read the same.
final class Evaluations {
  private static final int MOST = 50;
  private static final String ITEMS = "evaluations";
  private static final List<String> DEFAULTS = List.of("subject", "action", "resource", "context");

  /// When the rest of several questions is not asked any more.
  private enum EvaluationsSemantic {
    EXECUTE_ALL,
    DENY_ON_FIRST_DENY,
    PERMIT_ON_FIRST_PERMIT;

    static EvaluationsSemantic parse(String word) {
      return switch (word) {
        case "execute_all" -> EXECUTE_ALL;
        case "deny_on_first_deny" -> DENY_ON_FIRST_DENY;
        case "permit_on_first_permit" -> PERMIT_ON_FIRST_PERMIT;
        default -> throw new MalformedQuestion("options.evaluations_semantic is not known");
      };
    }

    boolean goesOnAfter(boolean allowed) {
      return switch (this) {
        case EXECUTE_ALL -> true;
        case DENY_ON_FIRST_DENY -> allowed;
        case PERMIT_ON_FIRST_PERMIT -> !allowed;
      };
    }
  }

  private final AccessCheck checks;
  private final VisibleResources resources;

  Evaluations(AccessCheck checks, VisibleResources resources) {
    this.checks = checks;
    this.resources = resources;
  }

  /// Answers one question.
  ApiAnswer one(CheckOrigin origin, JsonBody body) {
    CheckVerdict verdict = verdict(origin, AccessQuestion.read(body));
    return new ApiAnswer(DecisionJson.of(verdict), verdict.clearances());
  }

  /// Answers several; without a list it is one. The first has waited for the last: each is looked
  /// at once more when all are on record.
  ApiAnswer many(CheckOrigin origin, JsonBody body) {
    Optional<List<JsonBody>> items = body.optionalObjects(ITEMS);
    EvaluationsSemantic semantic =
        body.optionalObject("options")
            .flatMap(options -> options.optionalText("evaluations_semantic"))
            .map(EvaluationsSemantic::parse)
            .orElse(EvaluationsSemantic.EXECUTE_ALL);
    if (items.isEmpty() || items.get().isEmpty()) {
      return one(origin, body);
    }
    if (items.get().size() > MOST) {
      throw new MalformedQuestion("at most " + MOST + " evaluations at once");
    }
    List<Item> asked = new ArrayList<>();
    for (JsonBody each : items.get()) {
      Item item = item(origin, each.or(body, DEFAULTS));
      asked.add(item);
      if (!semantic.goesOnAfter(item.allows())) {
        break;
      }
    }
    List<Item> now = asked.stream().map(this::renewed).toList();
    return new ApiAnswer(
        Json.object().put(ITEMS, now.stream().map(Item::json).toList()).build(),
        now.stream().flatMap(item -> item.clearances().stream()).toList());
  }

  private Item renewed(Item item) {
    return switch (item) {
      case Item.DecidedItem(CheckVerdict verdict) -> new Item.DecidedItem(checks.renewed(verdict));
      case Item.MalformedItem malformed -> malformed;
    };
  }

  /// One of several.
  private sealed interface Item {
    record DecidedItem(CheckVerdict verdict) implements Item {}

    record MalformedItem(MalformedQuestion why) implements Item {}

    default boolean allows() {
      return !clearances().isEmpty();
    }

    default List<Clearance> clearances() {
      return switch (this) {
        case DecidedItem(CheckVerdict verdict) -> verdict.clearances();
        case MalformedItem _ -> List.of();
      };
    }

    default Json.Object json() {
      return switch (this) {
        case DecidedItem(CheckVerdict verdict) -> DecisionJson.of(verdict);
        case MalformedItem(MalformedQuestion why) -> DecisionJson.malformed(why);
      };
    }
  }

  private Item item(CheckOrigin origin, JsonBody body) {
    AccessQuestion question;
    try {
      question = AccessQuestion.read(body);
    } catch (MalformedQuestion e) {
      return new Item.MalformedItem(e);
    }
    return new Item.DecidedItem(verdict(origin, question));
  }

  private CheckVerdict verdict(CheckOrigin origin, AccessQuestion question) {
    Optional<VisibleResources.ResourcePart> found =
        resources.find(origin.caller(), question.resource());
    if (found.isEmpty()) {
      return denied("resource", "no resource that this caller may ask about");
    }
    CheckSpec spec = found.get().place().spec();
    Optional<SubjectId> engineer = engineer(spec, question.subject());
    if (engineer.isEmpty()) {
      return denied("subject", "no engineer is called so");
    }
    return checks.ofEngineer(
        origin, found.get().place(), found.get().tenant(), engineer.get(), asked(spec, question));
  }

  /// What is recorded names what was asked about, as the caller wrote it.
  static CheckQuestion asked(CheckSpec spec, AccessQuestion question) {
    ActionName action = question.action();
    Optional<CheckedAction> listed = spec.action(action.name(), action.properties());
    String text =
        "%s %s/%s".formatted(action.name(), question.resource().type(), question.resource().id());
    return new CheckQuestion(
        text,
        Bytes.empty(),
        new HttpFacts(HttpFacts.OTHER, listed.map(it -> it.name().value())),
        listed
            .<CatalogueRule>map(it -> new CatalogueRule.FromLevel(it.level()))
            .orElseGet(
                () -> new CatalogueRule.NotListed("action", "the catalogue lists no such action")));
  }

  static Optional<SubjectId> engineer(CheckSpec spec, AccessQuestion.Entity subject) {
    try {
      return spec.subjectType().equals(subject.type())
          ? Optional.of(new SubjectId(subject.id()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CheckVerdict denied(String code, String detail) {
    return new CheckVerdict.DeniedCheck(
        DenialKind.FORBIDDEN,
        code,
        detail,
        "Compare type and id with the catalogue, and the caller with `gateway.check.callers`.");
  }
}
