package org.openlockbox.portal.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.portal.audit.StatementSearch.StatementHits;
import org.openlockbox.server.audit.AuditFilter;
import org.openlockbox.server.audit.RequestSearch;
import org.openlockbox.server.audit.RequestSearch.FoundRequest;

/// One search of the audit log: requests by what stands open in the tables and, where a value is
/// looked for, by what their statements say. Statements have to be opened one by one, so such a
/// search stops after [#MOST_STATEMENTS] and goes on with the next page.
final class AuditSearch {
  private static final int STEP = 50;
  static final long MOST_STATEMENTS = 20_000;

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

  /// @param more the index before which the search goes on, if anything is left to look at
  /// @param read how many statements were looked in
  record SearchPage(List<SearchHit> hits, Optional<Long> more, long read) {
    static final SearchPage NONE = new SearchPage(List.of(), Optional.empty(), 0);

    SearchPage {
      hits = List.copyOf(hits);
    }
  }

  /// The newest of them that stand before this index.
  SearchPage before(long index, int most) {
    return statements.isPresent()
        ? naming(statements.get(), index, most)
        : named(requests.before(index, filter, most + 1), most);
  }

  private static SearchPage named(List<FoundRequest> found, int most) {
    var shown = found.subList(0, Math.min(most, found.size()));
    return new SearchPage(
        shown.stream().map(one -> new SearchHit(one, StatementHits.NONE)).toList(),
        found.size() > most ? Optional.of(shown.getLast().logIndex()) : Optional.empty(),
        0);
  }

  private SearchPage naming(StatementSearch search, long index, int most) {
    var hits = new ArrayList<SearchHit>();
    long read = 0;
    var page = requests.before(index, filter, STEP);
    while (!page.isEmpty()) {
      for (var request : page) {
        if (hits.size() == most || read >= MOST_STATEMENTS) {
          return new SearchPage(hits, Optional.of(request.logIndex() + 1), read);
        }
        if (request.use().sessions() > 0) {
          var found = search.in(request.id());
          read += found.read();
          if (found.statements() > 0) {
            hits.add(new SearchHit(request, found));
          }
        }
      }
      page = requests.before(page.getLast().logIndex(), filter, STEP);
    }
    return new SearchPage(hits, Optional.empty(), read);
  }

  /// How many match, counted up to this many; nothing where each would have to be opened.
  Optional<Long> count(int most) {
    return statements.isPresent() ? Optional.empty() : Optional.of(requests.count(filter, most));
  }
}
