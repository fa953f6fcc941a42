package org.openlockbox.portal.request;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.GatewayHealth;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.TenantList;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// How the whole goes, for the provider's operators: how many tenants there are, resources,
/// gateways, roles that could not be removed, and what was denied lately. No words that anybody
/// wrote, and nothing that was done in a session.
@Controller
public final class OperationPages {
  private static final int DENIALS = 20;
  private static final int LEFTOVERS = 100;
  private static final int GATEWAYS = 6;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public OperationPages(
      PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  /// A request that was denied, by which side (a message id), and when.
  public record DenialLine(RequestLine line, String side, Instant at) {}

  @GetMapping("/operation")
  ResponseEntity<byte[]> show(Visitor visitor) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var jdbc = store.jdbc();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("tenants", new TenantList(store).founded());
    model.put(
        "resources",
        provider.resources().stream().sorted(Comparator.comparing(Resource::name)).toList());
    var gateways = GatewayHealth.of(jdbc);
    var now = visitor.frame().now();
    model.put("gatewaysUp", gateways.stream().filter(one -> one.isUp(now)).count());
    model.put("gatewaysAll", gateways.size());
    model.put(
        "gateways",
        gateways.stream().sorted(GatewayHealth.byUrgency(now)).limit(GATEWAYS).toList());
    model.put("name", (Function<ResourceId, String>) id -> RequestLine.resourceName(provider, id));
    var leftovers = new SessionRows(jdbc).leftovers(LEFTOVERS);
    visitor.frame().learnTenants(leftovers.stream().map(SessionRows.SessionRow::tenant));
    model.put("leftovers", leftovers);
    model.put("denials", denials(visitor));
    model.put("stuck", stuck(visitor));
    return parts.pages().page("operation", model);
  }

  /// What nobody has answered although most of its time is over.
  private List<StuckRequest> stuck(Visitor visitor) {
    return StuckRequest.waiting(visitor.frame(), store, provider, clock, Optional.empty()).stream()
        .filter(one -> one.late() || one.line().unreviewed())
        .toList();
  }

  private List<DenialLine> denials(Visitor visitor) {
    var denied = AccessRequests.denied(store.jdbc(), DENIALS);
    visitor.frame().learnTenants(denied.stream().map(StoredRequest::tenant));
    return denied.stream().flatMap(stored -> denial(visitor.frame(), stored).stream()).toList();
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
