package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.GatewayHealth;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.notify.outbox.Deliveries;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants.Tenant;
import org.openlockbox.server.tenant.WaitingTenants;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// How the whole goes, for the provider's operators: tenants with counts, resources, gateways,
/// roles that could not be removed, and what was denied lately. No words that anybody wrote, and
/// nothing that was done in a session.
@Controller
public final class OperationPages {
  private static final int DENIALS = 20;
  private static final int LEFTOVERS = 100;
  private static final Duration LATELY = Duration.ofDays(7);

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final WaitingTenants waiting;
  private final Deliveries deliveries;
  private final InstantSource clock;

  public OperationPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      WaitingTenants waiting,
      Deliveries deliveries,
      InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.waiting = waiting;
    this.deliveries = deliveries;
    this.clock = clock;
  }

  /// A tenant and how many of its requests wait, and are open.
  public record TenantLine(String id, String name, AccessRequests.RequestCounts counts) {}

  /// A request that was denied, by which side (a message id), and when.
  public record DenialLine(RequestLine line, String side, Instant at) {}

  @GetMapping("/operation")
  ResponseEntity<byte[]> show(Visitor visitor) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var jdbc = store.jdbc();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("tenants", tenants());
    model.put(
        "resources",
        provider.resources().stream().sorted(Comparator.comparing(Resource::name)).toList());
    model.put("gateways", GatewayHealth.of(jdbc));
    model.put("leftovers", new SessionRows(jdbc).leftovers(LEFTOVERS));
    model.put("denials", denials(visitor));
    model.put("founding", waiting.all());
    model.put("failed", deliveries.failed(clock.instant().minus(LATELY)));
    model.put("stuck", stuck(visitor));
    return parts.pages().page("operation", model);
  }

  /// What nobody has answered although most of its time is over.
  private List<StuckRequest> stuck(Visitor visitor) {
    return StuckRequest.waiting(visitor.frame(), store, provider, clock, Optional.empty()).stream()
        .filter(one -> one.late() || one.line().unreviewed())
        .toList();
  }

  private List<TenantLine> tenants() {
    var counts = AccessRequests.counts(store.jdbc(), clock.instant());
    return store.tenants().all().stream()
        .sorted(Comparator.comparing(Tenant::name))
        .map(
            tenant ->
                new TenantLine(
                    tenant.id().value(),
                    tenant.name(),
                    counts.getOrDefault(tenant.id(), AccessRequests.RequestCounts.NONE)))
        .toList();
  }

  private List<DenialLine> denials(Visitor visitor) {
    return AccessRequests.denied(store.jdbc(), DENIALS).stream()
        .flatMap(stored -> denial(visitor.frame(), stored).stream())
        .toList();
  }

  private Optional<DenialLine> denial(PageContext frame, StoredRequest stored) {
    return stored.request() instanceof AccessRequest.Denied denied
        ? Optional.of(
            new DenialLine(
                RequestLine.of(provider, frame, stored), side(denied.side()), denied.at()))
        : Optional.empty();
  }

  private static String side(AccessRequest.Party side) {
    return switch (side) {
      case PROVIDER -> "side.provider";
      case TENANT -> "side.tenant";
      case POLICY -> "side.policy";
    };
  }
}
