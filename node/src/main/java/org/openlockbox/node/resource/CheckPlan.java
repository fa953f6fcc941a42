package org.openlockbox.node.resource;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import org.openlockbox.check.catalogue.CheckListing;
import org.openlockbox.check.catalogue.CheckSpec;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;

/// `lockbox resource plan` for a resource that asks by itself: there is nothing to apply, so it
/// says what each level allows, and what that leaves to the service.
final class CheckPlan {
  private final CheckSpec spec;
  private final PrintStream out;

  CheckPlan(CheckListing listed, PrintStream out) {
    this.spec = listed.spec();
    this.out = out;
  }

  void print() {
    out.printf("%s (%s), checked%n", spec.name(), spec.id());
    spec.tenants().keySet().stream()
        .sorted(Comparator.comparing(TenantId::value))
        .forEach(
            tenant ->
                out.printf(
                    "  %s: %s in ids and paths%n",
                    tenant, String.join(", ", spec.tenants().getOrDefault(tenant, List.of()))));
    for (Level level : Level.values()) {
      if (spec.levels().contains(level)) {
        level(level);
      }
    }
    out.println("\nWhat rests on the service: it asks before each request and goes by the answer.");
    out.println("What it does with an answer that it has, goes on after a revocation.");
  }

  private void level(Level level) {
    out.printf("%n%s allows:%n", level.word());
    spec.actions().stream()
        .filter(each -> !each.level().isWiderThan(level))
        .forEach(
            each ->
                out.printf(
                    "  %s, asked as %s%s%n",
                    each.name(),
                    each.action(),
                    each.where().isEmpty() ? "" : " where " + each.where()));
    spec.routes().stream()
        .filter(each -> !each.level().isWiderThan(level))
        .forEach(each -> out.printf("  %s, %s %s%n", each.name(), each.method(), each.path()));
  }
}
