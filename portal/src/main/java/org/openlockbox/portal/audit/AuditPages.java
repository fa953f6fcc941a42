package org.openlockbox.portal.audit;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.audit.AuditSearch.SearchPage;
import org.openlockbox.portal.audit.AuditSearch.SearchPlace;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.audit.SavedViews;
import org.openlockbox.server.audit.SearchRateLimit;
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

  /// How many statements a search for a value opens for one page at most, so that a page is there
  /// within a tenth of a second. The page's script goes on until it has had as many as a file has.
  private static final long OPENED = 300;

  /// The same for paper, and for each step of a file.
  private static final long OPENED_FOR_A_FILE = 20_000;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;
  private final AuditViews views;
  private final SearchRateLimit limit;

  public AuditPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      InstantSource clock,
      SavedViews saved,
      SearchRateLimit limit) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
    this.views = new AuditViews(saved);
    this.limit = limit;
  }

  @GetMapping("/audit")
  ResponseEntity<byte[]> look(Visitor visitor, @RequestParam Map<String, String> fields) {
    return page(visitor, fields, "audit/trail", new PageSize(PAGE, OPENED));
  }

  /// The same, with a view that was not kept under this name.
  ResponseEntity<byte[]> unsaved(Visitor visitor, AuditForm form, ViewToSave unsaved) {
    return page(
        visitor, form.fields(), Optional.of(unsaved), "audit/trail", new PageSize(PAGE, OPENED));
  }

  /// A view that was not kept, and why: the end of a message id.
  public record ViewToSave(String name, String why) {
    public boolean isUnnamed() {
      return why.equals("name");
    }
  }

  /// The same without what is of no use on paper, and more of it.
  @GetMapping("/audit/print")
  ResponseEntity<byte[]> print(Visitor visitor, @RequestParam Map<String, String> fields) {
    return page(visitor, fields, "audit/print", new PageSize(PRINTED, OPENED_FOR_A_FILE));
  }

  /// How many requests a page shows, and how many statements it opens to find them.
  private record PageSize(int requests, long opened) {}

  private ResponseEntity<byte[]> page(
      Visitor visitor, Map<String, String> fields, String template, PageSize size) {
    return page(visitor, fields, Optional.empty(), template, size);
  }

  private ResponseEntity<byte[]> page(
      Visitor visitor,
      Map<String, String> fields,
      Optional<ViewToSave> unsaved,
      String template,
      PageSize size) {
    var tenant = AuditAccess.tenant(visitor);
    var frame = visitor.frame();
    var form = new AuditForm(fields);
    var read = form.filter(visitor.zone(), tables());
    var place = new SearchPlace(index(fields, "before", Long.MAX_VALUE), index(fields, "at", 0));
    var search =
        read instanceof FormResult.Usable(var filter)
            ? Optional.of(search(tenant, form, filter))
            : Optional.<AuditSearch>empty();
    var searched =
        search.map(one -> allowed(visitor, one, place, size)).orElse(SearchAnswer.NOTHING);
    var page = searched.page();
    var faults =
        read instanceof FormResult.Faulty(var wrong) ? new FormFaults(wrong) : FormFaults.NONE;
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("tenant", store.tenants().name(tenant));
    model.put("form", form);
    model.put("faults", faults);
    model.put("views", views.of(visitor, form));
    model.put("unsaved", unsaved);
    model.put("choices", choices(frame, tenant));
    model.put("rows", page.hits().stream().map(one -> AuditRow.of(provider, frame, one)).toList());
    model.put("count", page.counted().or(() -> search.flatMap(AuditSearch::count)));
    model.put("read", page.read());
    model.put("unnamed", page.unnamed());
    model.put("cost", page.cost());
    model.put("reached", page.reached());
    model.put("place", place);
    model.put("more", page.more());
    model.put("free", searched.free());
    return parts.pages().page(faults.isEmpty() && unsaved.isEmpty() ? 200 : 422, template, model);
  }

  /// Who asked this tenant lately, for whom they work, and who decides for it.
  private AuditChoices choices(PageContext frame, TenantId tenant) {
    var asked = new RequestSearch(store.jdbc(), tenant, clock.instant()).engineers();
    var people = new HashSet<>(store.tenants().keyring(tenant).approvers());
    asked.forEach(one -> people.add(one.id()));
    var employers =
        asked.stream().flatMap(one -> one.employer().stream()).distinct().sorted().toList();
    return new AuditChoices(frame, provider, people, employers);
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

  /// What was found, or when the visitor may open statements again.
  private record SearchAnswer(SearchPage page, Optional<Instant> free) {
    private static final SearchAnswer NOTHING = new SearchAnswer(SearchPage.NONE, Optional.empty());
  }

  /// Searches as far as this visitor may open statements now.
  private SearchAnswer allowed(
      Visitor visitor, AuditSearch search, SearchPlace place, PageSize size) {
    if (!search.opensStatements()) {
      return new SearchAnswer(search.at(place, size.requests(), 0), Optional.empty());
    }
    var share = limit.take(visitor.person().id(), size.opened());
    if (share.statements() == 0) {
      return new SearchAnswer(SearchPage.nothing(Optional.of(place)), Optional.of(share.free()));
    }
    var page = search.at(place, size.requests(), share.statements());
    limit.settle(share, page.cost());
    return new SearchAnswer(page, Optional.empty());
  }

  /// An index of the log in this field.
  private static long index(Map<String, String> fields, String name, long otherwise) {
    var text = Optional.ofNullable(fields.get(name)).filter(typed -> !typed.isBlank());
    if (text.filter(typed -> !typed.matches("[0-9]{1,%d}".formatted(LONGEST_INDEX))).isPresent()) {
      throw Problem.malformed("'%s' is an index of the log".formatted(name));
    }
    return text.map(Long::parseLong).orElse(otherwise);
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
    if (search.opensStatements()) {
      var found = all(visitor, search);
      download.begin(tenant.value());
      for (var request : found) {
        download.write(request);
      }
      return;
    }
    download.begin(tenant.value());
    var place = Optional.of(SearchPlace.NEWEST);
    while (place.isPresent()) {
      var page = search.at(place.get(), PAGE, 0);
      for (var hit : page.hits()) {
        download.write(hit.request().id());
      }
      place = page.more();
    }
  }

  /// All requests that name a value, before the first byte of their file: a file is whole, or there
  /// is none.
  private Set<RequestId> all(Visitor visitor, AuditSearch search) {
    var found = new LinkedHashSet<RequestId>();
    var place = Optional.of(SearchPlace.NEWEST);
    while (place.isPresent()) {
      var searched = allowed(visitor, search, place.get(), new PageSize(PAGE, OPENED_FOR_A_FILE));
      searched
          .free()
          .ifPresent(
              free -> {
                var wait = Duration.between(clock.instant(), free);
                throw Problem.tooOften(visitor.frame().say("audit.export.spent")).after(wait);
              });
      searched.page().hits().forEach(hit -> found.add(hit.request().id()));
      place = searched.page().more();
    }
    return found;
  }

  static ExportFormat format(String word) {
    try {
      return ExportFormat.parse(word);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("a format is ocsf, jsonl or csv");
    }
  }
}
