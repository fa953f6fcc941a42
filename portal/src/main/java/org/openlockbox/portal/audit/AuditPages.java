package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.audit.SavedViews;
import org.openlockbox.server.export.ExportFormat;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// All access that a tenant was ever asked for: looked up, printed, and taken along as a file.
@Controller
public final class AuditPages {
  private static final int PAGE = 50;
  private static final int PRINTED = 500;
  private static final int LONGEST_INDEX = 15;
  static final int MOST_COUNTED = 1000;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;
  private final AuditViews views;

  public AuditPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      InstantSource clock,
      SavedViews saved) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
    this.views = new AuditViews(saved);
  }

  @GetMapping("/audit")
  ResponseEntity<byte[]> look(Visitor visitor, @RequestParam Map<String, String> fields) {
    return page(visitor, fields, "audit/trail", PAGE);
  }

  /// The same without what is of no use on paper, and more of it.
  @GetMapping("/audit/print")
  ResponseEntity<byte[]> print(Visitor visitor, @RequestParam Map<String, String> fields) {
    return page(visitor, fields, "audit/print", PRINTED);
  }

  private ResponseEntity<byte[]> page(
      Visitor visitor, Map<String, String> fields, String template, int most) {
    var tenant = AuditAccess.tenant(visitor);
    var frame = visitor.frame();
    var form = new AuditForm(fields);
    var read = form.filter(visitor.zone(), tables());
    long before = before(fields);
    var search =
        read instanceof FormResult.Usable(var filter)
            ? Optional.of(search(tenant, form, filter))
            : Optional.<AuditSearch>empty();
    var page = search.map(one -> one.before(before, most)).orElse(AuditSearch.SearchPage.NONE);
    var faults =
        read instanceof FormResult.Faulty(var wrong) ? new FormFaults(wrong) : FormFaults.NONE;
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("tenant", store.tenants().name(tenant));
    model.put("form", form);
    model.put("faults", faults);
    model.put("views", views.of(visitor, form));
    model.put("unsaved", Optional.ofNullable(fields.get("unsaved")).filter(AuditViews::isKnown));
    model.put("choices", new AuditChoices(frame, provider));
    model.put("rows", page.hits().stream().map(one -> AuditRow.of(provider, frame, one)).toList());
    model.put("count", search.flatMap(one -> one.count(MOST_COUNTED + 1)));
    model.put("read", page.read());
    model.put("more", page.more());
    return parts.pages().page(faults.isEmpty() ? 200 : 422, template, model);
  }

  private AuditSearch search(TenantId tenant, AuditForm form, AuditFilter filter) {
    return new AuditSearch(
        new RequestSearch(store.jdbc(), tenant, clock.instant()),
        filter,
        form.value().map(value -> new StatementSearch(store, tenant, value)));
  }

  /// The names of all tables that a catalogue lists.
  private List<String> tables() {
    return provider.resources().stream()
        .flatMap(resource -> resource.tables().stream())
        .map(Resource.ResourceTable::name)
        .distinct()
        .toList();
  }

  /// The index before which the page begins; the newest without one.
  private static long before(Map<String, String> fields) {
    var before = Optional.ofNullable(fields.get("before")).filter(text -> !text.isBlank());
    if (before.filter(text -> !text.matches("[0-9]{1,%d}".formatted(LONGEST_INDEX))).isPresent()) {
      throw Problem.malformed("'before' is an index of the log");
    }
    return before.map(Long::parseLong).orElse(Long.MAX_VALUE);
  }

  /// Every entry about the requests that the form finds, as events.
  @GetMapping("/audit/export")
  void export(
      Visitor visitor,
      HttpServletResponse response,
      @RequestParam Map<String, String> fields,
      @RequestParam(defaultValue = "jsonl") String format)
      throws IOException {
    var tenant = AuditAccess.tenant(visitor);
    if (!(new AuditForm(fields).filter(visitor.zone(), tables())
        instanceof FormResult.Usable(var filter))) {
      throw Problem.malformed("the search has a field that cannot be read");
    }
    var download = new Download(store, tenant, format(format), response);
    var search = search(tenant, new AuditForm(fields), filter);
    var page = search.before(Long.MAX_VALUE, PAGE);
    download.begin(tenant.value());
    while (true) {
      for (var hit : page.hits()) {
        download.write(hit.request().id());
      }
      if (page.more().isEmpty()) {
        return;
      }
      page = search.before(page.more().get(), PAGE);
    }
  }

  static ExportFormat format(String word) {
    try {
      return ExportFormat.parse(word);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("a format is ocsf, jsonl or csv");
    }
  }
}
