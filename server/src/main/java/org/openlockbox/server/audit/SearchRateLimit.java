package org.openlockbox.server.audit;

import static org.openlockbox.server.request.ColumnValues.at;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.openlockbox.server.request.ColumnValues;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Bounds what one person's searches for a value cost: each statement is opened for the search, and
/// no more than [#MOST] of them within [#WITHIN], at all servers together. What a search may open
/// is set aside before it begins, and what it did not open is given back. A crash in between keeps
/// it set aside until it is forgotten.
public final class SearchRateLimit {
  public static final long MOST = 200_000;
  public static final Duration WITHIN = Duration.ofMinutes(10);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  public SearchRateLimit(JdbcClient jdbc, TransactionTemplate transaction, InstantSource clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  /// What one search may open. With `statements` 0 it may open nothing before `free`.
  public record SearchShare(long id, long statements, Instant free) {}

  /// Sets aside up to `most` statements for a search of this person.
  public SearchShare take(long person, long most) {
    var now = clock.instant();
    var share = transaction.execute(_ -> taken(person, most, now));
    return Optional.ofNullable(share).orElseThrow();
  }

  private SearchShare taken(long person, long most, Instant now) {
    jdbc.sql("select id from person where id = ? for update")
        .params(person)
        .query((row, n) -> row.getLong("id"))
        .single();
    jdbc.sql("delete from statement_search where person_id = ? and at <= ?")
        .params(person, at(now.minus(WITHIN)))
        .update();
    var used =
        jdbc.sql(
                """
                select coalesce(sum(statements), 0) as statements, coalesce(min(at), :now) as first
                  from statement_search where person_id = :person and statements > 0
                """)
            .param("now", at(now))
            .param("person", person)
            .query(
                (row, n) ->
                    new SearchShare(
                        0,
                        row.getLong("statements"),
                        ColumnValues.instant(row, "first").plus(WITHIN)))
            .single();
    long left = Math.max(0, Math.min(most, MOST - used.statements()));
    long id =
        jdbc.sql(
                """
                insert into statement_search (person_id, at, statements) values (?, ?, ?) returning id
                """)
            .params(person, at(now), left)
            .query((row, n) -> row.getLong("id"))
            .single();
    return new SearchShare(id, left, used.free());
  }

  /// Gives back what the search did not open.
  public void settle(SearchShare share, long opened) {
    jdbc.sql("update statement_search set statements = ? where id = ?")
        .params(Math.min(opened, share.statements()), share.id())
        .update();
  }
}
