package org.openlockbox.portal.request;

import java.util.HashMap;
import java.util.function.Function;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.gateway.GatewayHealth;
import org.openlockbox.server.gateway.SessionRows;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/// How one gateway does, for the provider's operators: its certificate, its keys, and which
/// sessions go through it. Nothing that was done in a session.
@Controller
public final class GatewayPages {
  private static final int SESSIONS = 100;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;

  public GatewayPages(PortalEdge.Parts parts, Provider provider, Store store) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
  }

  @GetMapping("/operation/gateways/{g}")
  ResponseEntity<byte[]> show(Visitor visitor, @PathVariable String g) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var id = id(g);
    var gateway =
        GatewayHealth.of(store.jdbc()).stream()
            .filter(one -> one.gateway().equals(id.value()))
            .findFirst()
            .orElseThrow(Problem::notFound);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("gateway", gateway);
    var sessions = new SessionRows(store.jdbc()).ofGateway(id, SESSIONS);
    visitor.frame().learnTenants(sessions.stream().map(SessionRows.SessionRow::tenant));
    model.put("sessions", sessions);
    model.put(
        "name", (Function<ResourceId, String>) one -> RequestLine.resourceName(provider, one));
    return parts.pages().page("operation/gateway", model);
  }

  private static GatewayId id(String text) {
    try {
      return new GatewayId(text);
    } catch (IllegalArgumentException e) {
      throw Problem.notFound();
    }
  }
}
