package org.openlockbox.portal.request;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.server.gateway.GatewayHealth;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The gateways by name, for the provider's operators: all of them or those in one state, page by
/// page.
@Controller
public final class GatewayListPages {
  private static final String PATH = "/operation/gateways";
  private static final int PAGE = 50;

  private final PortalEdge.Parts parts;
  private final Store store;

  public GatewayListPages(PortalEdge.Parts parts, Store store) {
    this.parts = parts;
    this.store = store;
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(
      Visitor visitor,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String after) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var all = GatewayHealth.of(store.jdbc());
    var states = states(all, visitor.frame().now());
    var only = Optional.of(state).filter(states::containsKey);
    var matching =
        all.stream()
            .filter(one -> only.isEmpty() || only.get().equals(one.state(visitor.frame().now())))
            .filter(one -> one.gateway().compareTo(after) > 0)
            .limit(PAGE + 1L)
            .toList();
    var shown = matching.subList(0, Math.min(PAGE, matching.size()));
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("states", states);
    model.put("all", all.size());
    model.put("state", only.orElse(""));
    model.put("gateways", shown);
    model.put("links", links(only, after, shown, matching.size() > PAGE));
    return parts.pages().page("operation/gateways", model);
  }

  /// How many are in each state that any is in.
  private static Map<String, Long> states(List<GatewayHealth> gateways, Instant now) {
    return Collections.unmodifiableMap(
        gateways.stream()
            .collect(
                Collectors.groupingBy(one -> one.state(now), TreeMap::new, Collectors.counting())));
  }

  private static PageLinks links(
      Optional<String> state, String after, List<GatewayHealth> shown, boolean more) {
    var first = PATH + state.map(one -> "?state=" + one).orElse("");
    return new PageLinks(
        Optional.of(first).filter(_ -> !after.isEmpty()),
        more
            ? Optional.of(
                first + (state.isEmpty() ? "?" : "&") + "after=" + shown.getLast().gateway())
            : Optional.empty());
  }
}
