package org.openlockbox.portal.audit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.tenant.Store;

/// Looks for a value in what was sent under a request: the texts of its statements and the values
/// of their parameters. No index over them exists, so each is opened for this one look. A text that
/// was erased, or what lies beyond the beginning of a very long one, is not looked in.
final class StatementSearch {
  private static final int BATCHES = 50;

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
  /// @param read how many statements were looked in
  record StatementHits(long statements, long first, long read) {
    static final StatementHits NONE = new StatementHits(0, 0, 0);

    private StatementHits with(long index, boolean found) {
      return new StatementHits(
          statements + (found ? 1 : 0), found && statements == 0 ? index : first, read + 1);
    }
  }

  StatementHits in(RequestId request) {
    var hits = StatementHits.NONE;
    var entries = store.reader().next(tenant, request, 0, BATCHES);
    while (!entries.isEmpty()) {
      var texts = store.texts().beginnings(tenant, entries);
      for (var entry : entries) {
        if (entry.read().body() instanceof SessionEvent.Operation sent) {
          hits = hits.with(entry.seq(), names(sent, texts));
        }
      }
      entries = store.reader().next(tenant, request, entries.getLast().seq() + 1, BATCHES);
    }
    return hits;
  }

  private boolean names(SessionEvent.Operation sent, Map<Commitment, LogTexts.TextPrefix> texts) {
    return sent.texts().stream()
        .flatMap(text -> Optional.ofNullable(texts.get(text.commitment())).stream())
        .anyMatch(
            text ->
                value.matcher(new String(text.text().toArray(), StandardCharsets.UTF_8)).find());
  }
}
