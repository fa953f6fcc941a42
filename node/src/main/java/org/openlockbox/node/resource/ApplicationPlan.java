package org.openlockbox.node.resource;

import java.io.PrintStream;
import java.util.Comparator;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.gateway.application.ApplicationListing;
import org.openlockbox.gateway.application.ApplicationSpec;

/// `lockbox resource plan` for an application that is its own gateway: there is nothing to apply,
/// so it says what each level allows, and what rests on the application.
final class ApplicationPlan {
  private final ApplicationListing listed;
  private final PrintStream out;

  ApplicationPlan(ApplicationListing listed, PrintStream out) {
    this.listed = listed;
    this.out = out;
  }

  void print() {
    ApplicationSpec spec = listed.spec();
    out.printf("%s (%s), gated by the application at %s%n", spec.name(), spec.id(), listed.url());
    spec.tenants().keySet().stream()
        .sorted(Comparator.comparing(TenantId::value))
        .forEach(tenant -> out.printf("  %s: %s%n", tenant, spec.tenants().get(tenant)));
    for (Level level : Level.values()) {
      if (spec.levels().contains(level)) {
        out.printf("%n%s allows:%n", level.word());
        spec.allowedAt(level).forEach(action -> out.printf("  %s%n", action));
      }
    }
    out.println("\nWhat rests on the application: it shows nothing of a customer's data but what");
    out.println("lockbox-client has released, and masks it where the level is masked.");
  }
}
