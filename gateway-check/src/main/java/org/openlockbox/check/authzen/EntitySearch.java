package org.openlockbox.check.authzen;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openlockbox.check.authzen.AccessQuestion.ActionName;
import org.openlockbox.check.authzen.AccessQuestion.Entity;
import org.openlockbox.check.catalogue.CheckedAction;
import org.openlockbox.check.resource.CheckPlace;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.AccessCheck.PossibleAccess;
import org.openlockbox.check.session.CheckOrigin;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// Answers searches: who can reach this data now, whose data can this engineer reach, what can be
/// done. Only engineers with a login (`lockbox connect`) are found. A result is no decision:
/// nothing is recorded, and the caller has to ask before it acts on it.
final class EntitySearch {
  private static final String SUBJECT = "subject";
  private static final String RESOURCE = "resource";
  private static final String ACTION = "action";

  private final AccessCheck checks;
  private final VisibleResources resources;

  EntitySearch(AccessCheck checks, VisibleResources resources) {
    this.checks = checks;
    this.resources = resources;
  }

  /// Who can do this with that.
  ApiAnswer subjects(CheckOrigin origin, JsonBody body) {
    Entity subject = Entity.searched(body.object(SUBJECT));
    ActionName action = ActionName.read(body.object(ACTION));
    Entity resource = Entity.read(body.object(RESOURCE));
    Optional<VisibleResources.ResourcePart> part = resources.find(origin.caller(), resource);
    Optional<Level> needed = part.flatMap(it -> needed(it.place(), action));
    if (needed.isEmpty() || !part.get().place().spec().subjectType().equals(subject.type())) {
      return results(List.of());
    }
    Set<SubjectId> found = new TreeSet<>();
    for (PossibleAccess each : checks.possible(origin, part.get().place(), part.get().tenant())) {
      if (!needed.get().isWiderThan(each.level())) {
        found.add(each.engineer());
      }
    }
    return results(found.stream().map(each -> entity(subject.type(), each.value())).toList());
  }

  /// With whose part of which resource this engineer can do this.
  ApiAnswer resources(CheckOrigin origin, JsonBody body) {
    Entity subject = Entity.read(body.object(SUBJECT));
    ActionName action = ActionName.read(body.object(ACTION));
    Entity searched = Entity.searched(body.object(RESOURCE));
    List<Json.Object> found = new ArrayList<>();
    for (CheckPlace place : resources.of(origin.caller(), searched.type())) {
      Optional<Level> needed = needed(place, action);
      Optional<SubjectId> engineer = Evaluations.engineer(place.spec(), subject);
      if (needed.isEmpty() || engineer.isEmpty()) {
        continue;
      }
      for (Map.Entry<TenantId, List<String>> tenant : place.spec().tenants().entrySet()) {
        if (origin.caller().asksAbout(tenant.getKey())
            && reaches(origin, place, tenant.getKey(), engineer.get(), needed.get())) {
          tenant.getValue().forEach(value -> found.add(entity(searched.type(), value)));
        }
      }
    }
    return results(found);
  }

  private boolean reaches(
      CheckOrigin origin, CheckPlace place, TenantId tenant, SubjectId engineer, Level needed) {
    return checks.possible(origin, place, tenant).stream()
        .anyMatch(each -> each.engineer().equals(engineer) && !needed.isWiderThan(each.level()));
  }

  /// What this engineer can do with that.
  ApiAnswer actions(CheckOrigin origin, JsonBody body) {
    Entity subject = Entity.read(body.object(SUBJECT));
    Entity resource = Entity.read(body.object(RESOURCE));
    Optional<VisibleResources.ResourcePart> part = resources.find(origin.caller(), resource);
    Optional<SubjectId> engineer =
        part.flatMap(it -> Evaluations.engineer(it.place().spec(), subject));
    if (engineer.isEmpty()) {
      return results(List.of());
    }
    Set<String> names = new LinkedHashSet<>();
    for (PossibleAccess each : checks.possible(origin, part.get().place(), part.get().tenant())) {
      if (each.engineer().equals(engineer.get())) {
        part.get().place().spec().actions().stream()
            .filter(listed -> !listed.level().isWiderThan(each.level()))
            .map(CheckedAction::action)
            .forEach(names::add);
      }
    }
    return results(names.stream().map(name -> Json.object().put("name", name).build()).toList());
  }

  private static Optional<Level> needed(CheckPlace place, ActionName action) {
    return place.spec().action(action.name(), action.properties()).map(CheckedAction::level);
  }

  private static Json.Object entity(String type, String id) {
    return Json.object().put("id", id).put("type", type).build();
  }

  private static ApiAnswer results(List<Json.Object> found) {
    return ApiAnswer.undecided(Json.object().put("results", found).build());
  }
}
