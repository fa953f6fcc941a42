package org.openlockbox.portal.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.portal.audit.StatementSearch.FirstStatements;
import org.openlockbox.portal.audit.StatementSearch.OpenedStatements;
import org.openlockbox.portal.audit.StatementSearch.StatementHits;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.audit.RequestSearch.FoundRequest;

/// One search of the audit log: requests by what stands open in the tables and, where a value is
/// looked for, by what their statements say. Statements have to be opened one by one, so such a
/// search stops after as many as it may open, and goes on with the next page.
public final class AuditSearch {
  private static final int STEP = 25;

  private static final Optional<Long> NOT_COUNTED = Optional.empty();

  /// How far matching requests are counted.
  static final int MOST_COUNTED = 1000;

  /// What a request costs at least, in statements: finding its entries takes time too.
  private static final int REQUEST = 4;

  /// How many statements are opened together, before it is known whether the search comes to all of
  /// them. A page pays for no more than these in vain.
  private static final int AHEAD = 500;

  private final RequestSearch requests;
  private final AuditFilter filter;
  private final Optional<StatementSearch> statements;

  AuditSearch(RequestSearch requests, AuditFilter filter, Optional<StatementSearch> statements) {
    this.requests = requests;
    this.filter = filter;
    this.statements = statements;
  }

  /// A request and which of its statements name the value; none of them where none is looked for.
  record SearchHit(FoundRequest request, StatementHits statements) {}

  /// Where a search goes on: with the requests before an index of the log, the first of them from
  /// its entry at `from`.
  public record SearchPlace(long before, long from) {
    static final SearchPlace NEWEST = new SearchPlace(Long.MAX_VALUE, 0);

    public boolean isNewest() {
      return equals(NEWEST);
    }
  }

  /// @param more where the search goes on, if anything is left to look at
  /// @param unnamed how many operations may have read and do not name the value
  /// @param read how many statements were looked in
  /// @param cost how many were opened, with what a request costs at least
  /// @param reached when the last request that was looked at had been made
  /// @param counted how many match, where the look that found these counted them
  record SearchPage(
      List<SearchHit> hits,
      Optional<SearchPlace> more,
      long unnamed,
      long read,
      long cost,
      Optional<Instant> reached,
      Optional<Long> counted) {
    static final SearchPage NONE = nothing(Optional.empty());

    /// Nothing was looked at.
    static SearchPage nothing(Optional<SearchPlace> more) {
      return new SearchPage(List.of(), more, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    SearchPage {
      hits = List.copyOf(hits);
    }
  }

  /// The newest of them from this place on; of their statements no more than `openable` are opened.
  SearchPage at(SearchPlace place, int most, long openable) {
    if (statements.isPresent()) {
      return naming(statements.get(), place, most, openable);
    }
    if (!place.equals(SearchPlace.NEWEST)) {
      return named(requests.before(place.before(), filter, most + 1), most, Optional.empty());
    }
    var newest = requests.newest(filter, most + 1, MOST_COUNTED + 1);
    return named(newest.requests(), most, Optional.of(newest.count()));
  }

  boolean opensStatements() {
    return statements.isPresent();
  }

  private static SearchPage named(List<FoundRequest> found, int most, Optional<Long> counted) {
    var shown = found.subList(0, Math.min(most, found.size()));
    return new SearchPage(
        shown.stream().map(one -> new SearchHit(one, StatementHits.NONE)).toList(),
        found.size() > most
            ? Optional.of(new SearchPlace(shown.getLast().logIndex(), 0))
            : Optional.empty(),
        0,
        0,
        0,
        Optional.empty(),
        counted);
  }

  private SearchPage naming(StatementSearch search, SearchPlace place, int most, long openable) {
    var seen = new SearchTally(search, openable);
    long from = place.from();
    var page = requests.before(place.before(), filter, STEP);
    while (!page.isEmpty()) {
      var used = page.stream().filter(one -> one.use().sessions() > 0).map(FoundRequest::id);
      var firsts = search.first(used.toList());
      for (int n = 0; n < page.size(); n++) {
        var request = page.get(n);
        if (seen.hits.size() == most || seen.left() <= 0) {
          return seen.page(Optional.of(place(request, from)));
        }
        seen.reached = Optional.of(request.asked());
        if (firsts.containsKey(request.id())) {
          var found =
              from > 0
                  ? search.in(request.id(), from, seen.left())
                  : seen.in(request, inOrder(page.subList(n, page.size()), firsts));
          seen.add(request, found);
          if (found.next().isPresent()) {
            return seen.page(Optional.of(place(request, found.next().getAsLong())));
          }
        }
        from = 0;
      }
      page = requests.before(page.getLast().logIndex(), filter, STEP);
    }
    return seen.page(Optional.empty());
  }

  /// What a search has found so far, and what that has cost. What is opened is paid for at once,
  /// whether or not the search comes to it.
  private static final class SearchTally {
    private final StatementSearch search;
    private final long openable;
    private final List<SearchHit> hits = new ArrayList<>();
    private OpenedStatements ahead = OpenedStatements.NONE;
    private long unnamed;
    private long read;
    private long cost;
    private Optional<Instant> reached = Optional.empty();

    private SearchTally(StatementSearch search, long openable) {
      this.search = search;
      this.openable = openable;
    }

    private long left() {
      return openable - cost;
    }

    /// Looks in the first of these requests, which is opened together with those that follow.
    private StatementHits in(FoundRequest request, List<FirstStatements> firsts) {
      if (!ahead.have(firsts.getFirst())) {
        ahead = search.openFirst(together(firsts));
        cost += ahead.count();
      }
      return search.in(request.id(), firsts.getFirst(), ahead, left());
    }

    /// As many of them as the search can pay for, and no more than [#AHEAD] statements; none at all
    /// if the first request alone has more. The search comes to all of them, unless its page is
    /// full before or one of them goes on for very long.
    private List<FirstStatements> together(List<FirstStatements> firsts) {
      var together = new ArrayList<FirstStatements>();
      long sum = 0;
      for (var first : firsts) {
        sum += Math.max(REQUEST, first.count());
        if (sum > AHEAD || sum >= left()) {
          break;
        }
        together.add(first);
      }
      return together;
    }

    private void add(FoundRequest request, StatementHits found) {
      unnamed += found.unnamed();
      read += found.read();
      cost += found.opened() + Math.max(0, REQUEST - found.read());
      if (found.statements() > 0) {
        hits.add(new SearchHit(request, found));
      }
    }

    private SearchPage page(Optional<SearchPlace> next) {
      return new SearchPage(hits, next, unnamed, read, cost, reached, NOT_COUNTED);
    }
  }

  private static List<FirstStatements> inOrder(
      List<FoundRequest> page, Map<RequestId, FirstStatements> firsts) {
    return page.stream()
        .flatMap(request -> Optional.ofNullable(firsts.get(request.id())).stream())
        .toList();
  }

  private static SearchPlace place(FoundRequest request, long from) {
    return new SearchPlace(request.logIndex() + 1, from);
  }

  /// How many match, counted as far as that goes; nothing where each would have to be opened.
  Optional<Long> count() {
    return statements.isPresent()
        ? Optional.empty()
        : Optional.of(requests.count(filter, MOST_COUNTED + 1));
  }
}
