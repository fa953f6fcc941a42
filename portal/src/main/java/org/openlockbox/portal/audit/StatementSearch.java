package org.openlockbox.portal.audit;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.FirstEntries;
import org.openlockbox.server.log.entry.StoredEntry;
import org.openlockbox.server.tenant.Store;

/// Looks for a value in what was sent under a request: the texts of its statements and the values
/// of their parameters. No index over them exists, so each is opened for this one look. A text that
/// was erased, or what lies beyond the beginning of a very long one, is not looked in.
final class StatementSearch {
  private static final int BATCHES = 50;
  private static final int FIRST_BATCHES = 10;

  private final Store store;
  private final TenantId tenant;
  private final Pattern value;

  StatementSearch(Store store, TenantId tenant, String value) {
    this.store = store;
    this.tenant = tenant;
    this.value = pattern(value);
  }

  /// A number is found as a whole: who looks for 4711 does not mean 14711. Words are found in
  /// words.
  private static Pattern pattern(String value) {
    var quoted = Pattern.quote(value);
    return value.chars().allMatch(Character::isDigit)
        ? Pattern.compile("(?<!\\d)" + quoted + "(?!\\d)")
        : Pattern.compile(quoted, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /// How many statements of a request name the value; the first of them by its index in the log.
  ///
  /// @param unnamed how many may have read and do not name the value
  /// @param read how many statements were looked in
  /// @param opened how many of those were opened for this look alone
  /// @param next the index to go on at, if not all of the request was looked in
  record StatementHits(
      long statements, long first, long unnamed, long read, long opened, OptionalLong next) {
    static final StatementHits NONE = new StatementHits(0, 0, 0, 0, 0, OptionalLong.empty());

    private StatementHits with(long index, boolean found, boolean reads) {
      return new StatementHits(
          statements + (found ? 1 : 0),
          found && statements == 0 ? index : first,
          unnamed + (reads && !found ? 1 : 0),
          read + 1,
          opened,
          OptionalLong.empty());
    }

    private StatementHits opening(long more) {
      return new StatementHits(statements, first, unnamed, read, opened + more, next);
    }

    private StatementHits goingOnAt(long index) {
      return new StatementHits(statements, first, unnamed, read, opened, OptionalLong.of(index));
    }
  }

  /// A statement and where it stands in the log. An entry is parsed once for all looks at it, and
  /// not at all where its end tells that it is no operation: parsing is most of a search's work.
  private record SentStatement(StoredEntry entry, SessionEvent.Operation operation) {
    static List<SentStatement> of(List<StoredEntry> entries) {
      return entries.stream()
          .filter(entry -> entry.mayBe(EntryType.OPERATION))
          .flatMap(
              entry ->
                  entry.read().body() instanceof SessionEvent.Operation operation
                      ? Stream.of(new SentStatement(entry, operation))
                      : Stream.empty())
          .toList();
    }

    /// A statement that reads no table read nothing; of what is no statement nobody can say that.
    private boolean mayRead() {
      return operation.refused().isEmpty()
          && operation.sql().map(sql -> !sql.reads().isEmpty()).orElse(true);
    }

    private boolean names(OpenedStatements opened) {
      return operation.texts().stream()
          .anyMatch(text -> opened.naming().contains(text.commitment()));
    }
  }

  /// The first statements of a request; those after them begin at index `next` of the log or later,
  /// unless these are the `whole`.
  static final class FirstStatements {
    private final List<SentStatement> sent;
    private final long next;
    private final boolean whole;

    private FirstStatements(FirstEntries first) {
      sent = SentStatement.of(first.entries());
      next = first.entries().isEmpty() ? 0 : first.entries().getLast().seq() + 1;
      whole = first.whole();
    }

    int count() {
      return sent.size();
    }
  }

  /// The first statements of each of these requests, not opened.
  Map<RequestId, FirstStatements> first(List<RequestId> requests) {
    var first = new HashMap<RequestId, FirstStatements>();
    FirstEntries.of(store.jdbc(), tenant, requests, FIRST_BATCHES)
        .forEach((request, entries) -> first.put(request, new FirstStatements(entries)));
    return first;
  }

  /// Which statements of some requests name the value, found together.
  ///
  /// @param places where those that were opened are in the log
  /// @param naming the texts that name the value
  record OpenedStatements(Set<Long> places, Set<Commitment> naming) {
    static final OpenedStatements NONE = new OpenedStatements(Set.of(), Set.of());

    boolean have(FirstStatements first) {
      return first.sent.stream().allMatch(one -> places.contains(one.entry().seq()));
    }

    long count() {
      return places.size();
    }
  }

  /// Opens the first statements of these requests at once.
  OpenedStatements openFirst(List<FirstStatements> firsts) {
    return open(firsts.stream().flatMap(first -> first.sent.stream()).toList());
  }

  private OpenedStatements open(List<SentStatement> sent) {
    if (sent.isEmpty()) {
      return OpenedStatements.NONE;
    }
    var entries = sent.stream().map(SentStatement::entry).toList();
    var naming = new HashSet<Commitment>();
    store
        .texts()
        .eachBeginning(
            tenant,
            entries,
            (commitment, text) -> {
              if (names(text)) {
                naming.add(commitment);
              }
            });
    return new OpenedStatements(
        entries.stream().map(StoredEntry::seq).collect(Collectors.toSet()), naming);
  }

  private boolean names(LogTexts.TextPrefix text) {
    return value.matcher(new String(text.text().toArray(), StandardCharsets.UTF_8)).find();
  }

  /// Looks in the statements of a request, of which these are the first. What is among `opened` is
  /// not opened again; of others no more than `most` are.
  StatementHits in(RequestId request, FirstStatements first, OpenedStatements opened, long most) {
    var hits =
        opened.have(first)
            ? look(StatementHits.NONE, first.sent, opened)
            : opening(StatementHits.NONE, first.sent, most);
    return first.whole || hits.next().isPresent() ? hits : rest(hits, request, first.next, most);
  }

  /// The same from this index of the log on.
  StatementHits in(RequestId request, long from, long most) {
    return rest(StatementHits.NONE, request, from, most);
  }

  private StatementHits rest(StatementHits found, RequestId request, long from, long most) {
    var hits = found;
    var entries = store.reader().next(tenant, request, from, BATCHES);
    while (!entries.isEmpty()) {
      hits = opening(hits, SentStatement.of(entries), most);
      if (hits.next().isPresent()) {
        return hits;
      }
      entries = store.reader().next(tenant, request, entries.getLast().seq() + 1, BATCHES);
    }
    return hits;
  }

  /// Opens these statements for this look, as far as `most` goes.
  private StatementHits opening(StatementHits found, List<SentStatement> sent, long most) {
    int count = (int) Math.min(sent.size(), Math.max(0, most - found.opened()));
    var some = sent.subList(0, count);
    var hits = look(found, some, open(some)).opening(count);
    return count < sent.size() ? hits.goingOnAt(sent.get(count).entry().seq()) : hits;
  }

  private static StatementHits look(
      StatementHits found, List<SentStatement> sent, OpenedStatements opened) {
    var hits = found;
    for (var one : sent) {
      hits = hits.with(one.entry().seq(), one.names(opened), one.mayRead());
    }
    return hits;
  }
}
