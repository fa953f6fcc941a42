package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// Who can reach which customer's data right now, for the provider's operators: each system with
/// the people, customers and levels of its open access. No words that anybody wrote, and nothing
/// that was done in a session.
@Controller
public final class OpenAccessPages {
  private static final int MOST = 500;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public OpenAccessPages(
      PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  /// A system with open access; who has it longest is last.
  public record OpenSystem(String resource, List<RequestLine> open) {
    public OpenSystem {
      open = List.copyOf(open);
    }
  }

  @GetMapping("/operation/access")
  ResponseEntity<byte[]> show(Visitor visitor) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("systems", systems(visitor.frame()));
    model.put("most", MOST);
    return parts.pages().page("operation/access", model);
  }

  private List<OpenSystem> systems(PageContext frame) {
    var filter =
        new AccessRequests.RequestFilter(
            Optional.empty(), Optional.empty(), Optional.of("approved"), Optional.empty(), MOST);
    var systems =
        RequestLine.all(provider, frame, AccessRequests.list(store.jdbc(), filter, clock.instant()))
            .stream()
            .sorted(Comparator.comparing((RequestLine line) -> line.times().until()))
            .collect(
                Collectors.groupingBy(
                    line -> line.what().resource(), TreeMap::new, Collectors.toList()));
    return systems.entrySet().stream()
        .map(system -> new OpenSystem(system.getKey(), system.getValue()))
        .toList();
  }
}
