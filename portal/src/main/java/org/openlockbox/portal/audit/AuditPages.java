package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Purpose;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.RequestSearch;
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

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public AuditPages(PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
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
    var form = new AuditForm(fields);
    var read = form.filter(visitor.zone(), tables());
    List<RequestSearch.FoundRequest> found =
        switch (read) {
          case FormResult.Usable(var filter) ->
              new RequestSearch(store.jdbc(), tenant).before(before(fields), filter, most + 1);
          case FormResult.Faulty<AuditFilter, FieldFault> _ -> List.of();
        };
    var faults =
        read instanceof FormResult.Faulty(var wrong) ? new FormFaults(wrong) : FormFaults.NONE;
    var shown = found.subList(0, Math.min(most, found.size()));
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("tenant", store.tenants().name(tenant));
    model.put("form", form);
    model.put("faults", faults);
    model.put("chips", chips(visitor.frame(), form));
    model.put(
        "rows", shown.stream().map(one -> AuditRow.of(provider, clock.instant(), one)).toList());
    model.put(
        "more",
        found.size() > most ? Optional.of(shown.getLast().logIndex()) : Optional.<Long>empty());
    model.put("resources", provider.resources());
    model.put("purposes", Arrays.stream(Purpose.values()).map(Purpose::word).toList());
    model.put("levels", Arrays.stream(Level.values()).map(Level::word).toList());
    return parts.pages().page(faults.isEmpty() ? 200 : 422, template, model);
  }

  /// The names of all tables that a catalogue lists.
  private List<String> tables() {
    return provider.resources().stream()
        .flatMap(resource -> resource.tables().stream())
        .map(Resource.ResourceTable::name)
        .distinct()
        .toList();
  }

  /// A field that narrows the search, in words, and the address of the same search without it.
  public record FilterChip(String words, String without) {}

  private List<FilterChip> chips(PageContext frame, AuditForm form) {
    return form.filled().stream()
        .map(
            name ->
                new FilterChip(
                    frame.say("audit.chip", frame.say("audit." + name), value(frame, form, name)),
                    "/audit" + form.without(name).query()))
        .toList();
  }

  private String value(PageContext frame, AuditForm form, String name) {
    var value = form.of(name);
    return switch (name) {
      case "purpose", "level" ->
          frame.words().knows(name + "." + value) ? frame.say(name + "." + value) : value;
      case "resource" ->
          provider.resources().stream()
              .filter(one -> one.id().value().equals(value))
              .map(Resource::name)
              .findFirst()
              .orElse(value);
      default -> value;
    };
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
    var trail = new RequestSearch(store.jdbc(), tenant);
    var page = trail.before(Long.MAX_VALUE, filter, PAGE);
    download.begin(tenant.value());
    while (!page.isEmpty()) {
      for (var found : page) {
        download.write(found.id());
      }
      page = trail.before(page.getLast().logIndex(), filter, PAGE);
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
