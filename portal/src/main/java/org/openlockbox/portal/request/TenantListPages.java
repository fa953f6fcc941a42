package org.openlockbox.portal.request;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.ui.PageLinks;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.TenantList;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The tenants, for the provider's operators: how each of them does, never what it keeps. Looked up
/// by name or id, page by page.
@Controller
public final class TenantListPages {
  private static final String PATH = "/operation/tenants";
  private static final int PAGE = 25;
  private static final int LONGEST = 100;

  private final PortalEdge.Parts parts;
  private final Store store;
  private final InstantSource clock;

  public TenantListPages(PortalEdge.Parts parts, Store store, InstantSource clock) {
    this.parts = parts;
    this.store = store;
    this.clock = clock;
  }

  /// What is looked for: a part of a name or id, and `founded`, `founding` or any.
  public record TenantQuery(String text, String state) {
    /// The address of the first page.
    public String first() {
      return PATH + "?text=" + encoded(text) + "&state=" + state;
    }

    /// The address of the page that comes after this tenant.
    public String after(TenantId last) {
      return first() + "&after=" + last.value();
    }

    public boolean isAll() {
      return text.isEmpty() && state.isEmpty();
    }

    private Optional<Boolean> founded() {
      return state.isEmpty() ? Optional.empty() : Optional.of(state.equals("founded"));
    }
  }

  /// The page that shows this tenant.
  static String found(TenantId id) {
    return PATH + "?text=" + id.value();
  }

  @GetMapping(PATH)
  ResponseEntity<byte[]> show(
      Visitor visitor,
      @RequestParam(defaultValue = "") String text,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String after) {
    visitor.caller().need(Role.OPERATOR, "see how the whole goes");
    var query = new TenantQuery(text(text), state(state));
    var list = new TenantList(store);
    var filter = new TenantList.TenantFilter(query.text(), query.founded(), id(after), PAGE + 1);
    var found = list.page(filter, clock.instant());
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("query", query);
    model.put("founded", list.founded());
    var shown = found.subList(0, Math.min(PAGE, found.size()));
    model.put("tenants", shown);
    model.put(
        "links",
        new PageLinks(
            filter.after().map(_ -> query.first()),
            found.size() > PAGE
                ? Optional.of(query.after(shown.getLast().id()))
                : Optional.empty()));
    return parts.pages().page("operation/tenants", model);
  }

  /// No name has a character that PostgreSQL has no place for.
  private static String text(String typed) {
    var text = typed.strip().replace("\0", "");
    return text.substring(0, Math.min(LONGEST, text.length()));
  }

  private static String state(String word) {
    return word.equals("founded") || word.equals("founding") ? word : "";
  }

  private static Optional<TenantId> id(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(new TenantId(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
