package org.openlockbox.portal.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.portal.audit.AuditAccess;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.audit.Figures;
import org.openlockbox.server.audit.FiguresCsv;
import org.openlockbox.server.audit.MonthFigures;
import org.openlockbox.server.audit.MonthFigures.FigureSubject;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// A tenant's access in figures: how much was asked, how soon it was answered, what came of it, and
/// how long access was open. Each figure leads to the requests that it counts.
@Controller
public final class ReportPages {
  private static final List<Integer> SPANS = List.of(3, 12, 24);
  private static final String USUAL = "12";

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public ReportPages(PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  @GetMapping("/figures")
  ResponseEntity<byte[]> show(Visitor visitor, @RequestParam(defaultValue = USUAL) String months) {
    var frame = visitor.frame();
    int span = span(months);
    var figures = figures(visitor, span);
    var all = figures.stream().filter(one -> one.dimension() == FigureSubject.ALL).toList();
    var charts = new ReportCharts(frame, all);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("span", span);
    model.put("spans", SPANS);
    model.put("lines", lines(frame, charts.months(), all));
    model.put("tiles", charts.tiles());
    model.put("outcomes", charts.outcomes());
    model.put("charts", List.of(charts.answered(), charts.access()));
    model.put(
        "engineers",
        ReportShare.of(
            about(figures, FigureSubject.ENGINEER), frame::name, id -> search("person", id)));
    model.put(
        "resources",
        ReportShare.of(
            about(figures, FigureSubject.RESOURCE),
            id -> RequestLine.resourceName(provider, new ResourceId(id)),
            id -> search("resource", id)));
    return parts.pages().page("report/report", model);
  }

  /// The same figures as a file, for a spreadsheet.
  @GetMapping("/figures/export")
  ResponseEntity<byte[]> export(
      Visitor visitor, @RequestParam(defaultValue = USUAL) String months) {
    var figures = figures(visitor, span(months));
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, "text/csv;charset=utf-8");
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    headers.set(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"%s-reports.csv\"".formatted(tenant(visitor)));
    return new ResponseEntity<>(FiguresCsv.of(figures).toArray(), headers, 200);
  }

  private List<MonthFigures> figures(Visitor visitor, int months) {
    return new Figures(store.jdbc(), tenant(visitor), clock.instant()).newest(months);
  }

  private static TenantId tenant(Visitor visitor) {
    var tenant = AuditAccess.tenant(visitor);
    if (!visitor.frame().isFounded()) {
      throw Problem.notFound();
    }
    return tenant;
  }

  private static int span(String months) {
    return SPANS.stream()
        .filter(span -> Integer.toString(span).equals(months))
        .findFirst()
        .orElseThrow(() -> Problem.malformed("a report is of 3, 12 or 24 months"));
  }

  private static List<MonthFigures> about(List<MonthFigures> figures, FigureSubject subject) {
    return figures.stream().filter(one -> one.dimension() == subject).toList();
  }

  private static String search(String field, String id) {
    return "/audit?" + field + "=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  /// A month in the table.
  public record MonthLine(
      ReportMonth month, MonthFigures figures, Optional<String> answered, String access) {}

  /// The months since the first in which anybody asked, the newest first; the newest in any case.
  private static List<MonthLine> lines(
      PageContext frame, List<ReportMonth> months, List<MonthFigures> all) {
    int first =
        IntStream.range(0, all.size() - 1)
            .filter(at -> all.get(at).counts().requests() > 0)
            .findFirst()
            .orElse(all.size() - 1);
    return IntStream.range(first, all.size())
        .mapToObj(at -> line(frame, months.get(at), all.get(at)))
        .toList()
        .reversed();
  }

  private static MonthLine line(PageContext frame, ReportMonth month, MonthFigures figures) {
    return new MonthLine(
        month,
        figures,
        figures.answered().map(frame.words()::duration),
        frame.words().duration(figures.access()));
  }
}
