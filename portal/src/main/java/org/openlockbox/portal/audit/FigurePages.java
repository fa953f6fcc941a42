package org.openlockbox.portal.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.audit.Figures;
import org.openlockbox.server.audit.MonthFigures;
import org.openlockbox.server.audit.MonthFigures.FigureSubject;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// A year of a tenant's access in figures: how much was asked, how soon it was answered, what came
/// of it, and how long access was open.
@Controller
public final class FigurePages {
  private static final int MONTHS = 12;
  private static final int MOST_SHARES = 20;
  private static final String NOTHING = "–";

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final InstantSource clock;

  public FigurePages(PortalEdge.Parts parts, Provider provider, Store store, InstantSource clock) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.clock = clock;
  }

  @GetMapping("/figures")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var tenant = AuditAccess.tenant(visitor);
    var frame = visitor.frame();
    if (!frame.isFounded()) {
      throw Problem.notFound();
    }
    var figures = new Figures(store.jdbc(), tenant, clock.instant()).newest(MONTHS);
    var all = figures.stream().filter(one -> one.dimension() == FigureSubject.ALL).toList();
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("months", since(all).map(one -> line(frame, one)).toList());
    model.put(
        "charts",
        List.of(
            chart(frame, all, "figures.requests", of -> of.counts().requests(), _ -> false),
            chart(
                frame,
                all,
                "figures.answered",
                FigurePages::answeredMinutes,
                one -> one.answered().isPresent()),
            chart(
                frame,
                all,
                "figures.hours",
                one -> one.access().toHours(),
                one -> one.access().isPositive())));
    model.put("engineers", shares(figures, FigureSubject.ENGINEER));
    model.put("resources", shares(figures, FigureSubject.RESOURCE));
    return parts.pages().page("audit/figures", model);
  }

  /// The months since the first in which anybody asked; the newest in any case.
  private static Stream<MonthFigures> since(List<MonthFigures> all) {
    int first = 0;
    while (first < all.size() - 1 && all.get(first).counts().requests() == 0) {
      first++;
    }
    return all.subList(first, all.size()).stream();
  }

  private static long answeredMinutes(MonthFigures figures) {
    return figures.answered().map(Duration::toMinutes).orElse(0L);
  }

  private static Bars chart(
      PageContext frame,
      List<MonthFigures> all,
      String title,
      ToLongFunction<MonthFigures> value,
      Predicate<MonthFigures> any) {
    return Bars.of(
        frame.say(title),
        all.stream().map(one -> name(frame, one.month())).toList(),
        all.stream().map(one -> value.applyAsLong(one)).toList(),
        all.stream().anyMatch(any));
  }

  private static String name(PageContext frame, YearMonth month) {
    return DateTimeFormatter.ofPattern("MMM yyyy", frame.words().locale()).format(month);
  }

  /// A month in the table.
  public record MonthLine(String month, MonthFigures figures, String answered, String access) {
    /// How many, and of a hundred requests.
    public String share(long part) {
      return figures.counts().requests() == 0
          ? NOTHING
          : "%d (%d %%)".formatted(part, Math.round(100.0 * part / figures.counts().requests()));
    }
  }

  private static MonthLine line(PageContext frame, MonthFigures figures) {
    return new MonthLine(
        name(frame, figures.month()),
        figures,
        figures.answered().map(frame.words()::duration).orElse(NOTHING),
        figures.counts().requests() == 0 ? NOTHING : frame.words().duration(figures.access()));
  }

  /// What one engineer, or one resource, had of all access. `width` is of a hundred.
  public record AccessShare(String name, long requests, Duration access, long width) {}

  private List<AccessShare> shares(List<MonthFigures> figures, FigureSubject dimension) {
    var by =
        figures.stream()
            .filter(one -> one.dimension() == dimension)
            .collect(Collectors.groupingBy(MonthFigures::about));
    long most = by.values().stream().mapToLong(FigurePages::seconds).max().orElse(0);
    return by.entrySet().stream()
        .map(
            one ->
                new AccessShare(
                    name(dimension, one.getKey()),
                    one.getValue().stream().mapToLong(of -> of.counts().requests()).sum(),
                    Duration.ofSeconds(seconds(one.getValue())),
                    most == 0 ? 0 : seconds(one.getValue()) * 100 / most))
        .sorted(
            Comparator.comparing(AccessShare::access)
                .thenComparingLong(AccessShare::requests)
                .reversed()
                .thenComparing(AccessShare::name))
        .limit(MOST_SHARES)
        .toList();
  }

  private static long seconds(List<MonthFigures> figures) {
    return figures.stream().mapToLong(one -> one.access().toSeconds()).sum();
  }

  private String name(FigureSubject dimension, String about) {
    return switch (dimension) {
      case RESOURCE -> RequestLine.resourceName(provider, new ResourceId(about));
      case ENGINEER, ALL -> about;
    };
  }
}
