package org.openlockbox.portal.request;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.ListKind;
import org.openlockbox.server.request.PageMark;
import org.openlockbox.server.request.RequestLists;
import org.openlockbox.server.request.RequestLists.RequestScope;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Who can reach which customer's data right now, for the provider's operators: people, customers,
/// systems and levels of what is open, what ends next first, of all systems or of one. No words
/// that anybody wrote, and nothing that was done in a session.
@Controller
public final class OpenAccessPages {
  private static final String PATH = "/operation/access";
  private static final int PAGE = 50;

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

  /// A system, how much open access it has, and the address that shows it alone.
  public record OpenSystem(String name, long open, String href, boolean shown) {}

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(
      Visitor visitor,
      @RequestParam(defaultValue = "") String resource,
      @RequestParam(defaultValue = "") String after) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var all = new RequestLists(store.jdbc(), RequestScope.ALL, clock.instant());
    var counts = all.byResource(ListKind.OPEN);
    var only = counts.keySet().stream().filter(one -> one.value().equals(resource)).findAny();
    var lists = new RequestLists(store.jdbc(), RequestScope.ALL.at(only), clock.instant());
    var mark = PageMark.parse(after);
    var page = lists.page(ListKind.OPEN, mark, PAGE);
    var here = only.map(OpenAccessPages::path).orElse(PATH);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("systems", systems(counts, only));
    model.put("all", counts.values().stream().mapToLong(Long::longValue).sum());
    model.put("open", RequestLine.all(provider, visitor.frame(), page.shown()));
    model.put("links", PageLinks.of(here, here, mark, page.next()));
    return parts.pages().page("operation/access", model);
  }

  private List<OpenSystem> systems(Map<ResourceId, Long> counts, Optional<ResourceId> only) {
    return counts.entrySet().stream()
        .map(
            one ->
                new OpenSystem(
                    RequestLine.resourceName(provider, one.getKey()),
                    one.getValue(),
                    path(one.getKey()),
                    only.filter(one.getKey()::equals).isPresent()))
        .sorted(Comparator.comparing(OpenSystem::name))
        .toList();
  }

  private static String path(ResourceId resource) {
    return PATH + "?resource=" + URLEncoder.encode(resource.value(), StandardCharsets.UTF_8);
  }
}
