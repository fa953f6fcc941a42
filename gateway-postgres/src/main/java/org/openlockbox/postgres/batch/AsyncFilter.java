package org.openlockbox.postgres.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.cache.RecentlyUsed;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.operation.SqlFacts;
import org.openlockbox.gateway.admission.ExactTexts;
import org.openlockbox.postgres.statement.FilterResult;
import org.openlockbox.postgres.statement.StatementFilter;
import org.openlockbox.postgres.statement.StatementRefusal;
import org.openlockbox.postgres.wire.PgError;

/// Asks the session's [StatementFilter] from the session's loop, which must not wait: what is short
/// or known is judged at once, the rest beside, and the loop is woken. Where only certain texts
/// were approved, these pass word for word, and any other is refused as it stands, read by nobody.
public final class AsyncFilter {
  private static final String NOT_APPROVED = "not-approved";
  private static final FilterResult ANOTHER_TEXT =
      FilterResult.refusing(
          SqlFacts.of(SqlFacts.UNKNOWN),
          new StatementRefusal(
              NOT_APPROVED,
              PgError.error(
                  PgError.INSUFFICIENT_PRIVILEGE,
                  "this statement is not one of those that were approved word for word",
                  "`lockbox request show` tells them; send one exactly as it stands there.")));

  /// What the record says about the name of a statement that was made in SQL.
  static final FilterResult MADE_IN_SQL = FilterResult.passing(SqlFacts.of("execute"));

  private static final List<String> NAME_WORDS =
      List.of("deallocate", "discard", "declare", "prepare", "close", "execute");

  private static final int MOST_KNOWN = 32;
  private static final int LONGEST_KNOWN = 2048;

  private final ExactTexts texts;
  private final StatementFilter judge;
  private final Executor longTexts;
  private final Runnable wake;
  private @Nullable PendingCall asked;

  /// What was said of the texts that came lately. It does not change while the session lasts,
  /// unless a text could not be read.
  private final Map<Bytes, FilteredText> known = new RecentlyUsed<>(MOST_KNOWN);

  /// What is known of a text.
  ///
  /// @param renames whether it could make or drop names of the extended protocol by itself
  public record FilteredText(FilterResult judgement, boolean renames) {}

  /// The one text that is being judged beside: the session stands still meanwhile.
  private record PendingCall(Bytes sql, CompletableFuture<FilterResult> answer) {}

  public AsyncFilter(ExactTexts texts, StatementFilter judge, Executor longTexts, Runnable wake) {
    this.texts = texts;
    this.judge = judge;
    this.longTexts = longTexts;
    this.wake = wake;
  }

  /// Whether this text could make or drop names of the extended protocol by itself, so that they
  /// may stand for something else afterwards.
  public static boolean renames(Bytes sql) {
    String lower = new String(sql.toArray(), UTF_8).toLowerCase(Locale.ROOT);
    return NAME_WORDS.stream().anyMatch(lower::contains);
  }

  public boolean isGuarded() {
    return judge.isGuarded();
  }

  /// Empty if it is not known yet; the loop is woken once it is.
  public Optional<FilteredText> of(Bytes sql) {
    FilteredText before = known.get(sql);
    if (before != null) {
      return Optional.of(before);
    }
    Optional<FilteredText> said =
        said(sql).map(judgement -> new FilteredText(judgement, renames(sql)));
    said.filter(judged -> !judged.judgement().facts().isUnknown() && sql.size() <= LONGEST_KNOWN)
        .ifPresent(judged -> known.put(sql, judged));
    return said;
  }

  /// The same for a text of the extended protocol, in which nobody may copy in.
  public Optional<FilteredText> ofParse(Bytes sql) {
    return of(sql)
        .map(said -> new FilteredText(said.judgement().inExtendedProtocol(sql), said.renames()));
  }

  private Optional<FilterResult> said(Bytes sql) {
    if (!texts.allows(sql)) {
      return Optional.of(ANOTHER_TEXT);
    }
    if (judge.isQuick(sql)) {
      return Optional.of(passedOn(judge.judge(sql)));
    }
    PendingCall before = asked;
    if (before == null || !before.sql().equals(sql)) {
      var answer = CompletableFuture.supplyAsync(() -> judge.judge(sql), longTexts);
      asked = new PendingCall(sql, answer);
      var _ = answer.whenComplete((_, _) -> wake.run());
      return Optional.empty();
    }
    if (!before.answer().isDone()) {
      return Optional.empty();
    }
    asked = null;
    return Optional.of(passedOn(before.answer().join()));
  }

  /// The session has ended: what it still wants read is not read.
  public void leave() {
    if (asked != null) {
      asked.answer().cancel(false);
    }
  }

  private FilterResult passedOn(FilterResult judgement) {
    return texts.isAny() ? judgement : judgement.asItCame();
  }
}
