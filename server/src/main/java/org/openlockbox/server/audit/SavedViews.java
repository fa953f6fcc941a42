package org.openlockbox.server.audit;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The searches of the audit log that people keep. Each person has their own, at most [#MOST] of
/// them, and sees nobody else's.
public final class SavedViews {
  public static final int MOST = 20;
  public static final int LONGEST_NAME = 60;

  private final JdbcClient jdbc;
  private final InstantSource clock;

  public SavedViews(JdbcClient jdbc, InstantSource clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// A search and what its owner calls it. `query` is that of the audit page's address.
  public record SavedView(String name, String query) {}

  /// This person's views, by name.
  public List<SavedView> of(long person) {
    return jdbc.sql(
            "select name, query from saved_view where person_id = ? order by lower(name), name")
        .params(person)
        .query((row, n) -> new SavedView(row.getString("name"), row.getString("query")))
        .list();
  }

  /// Keeps a view, in place of one of the same name.
  ///
  /// @return whether there was room for it
  public boolean keep(long person, SavedView view) {
    return jdbc.sql(
                """
                insert into saved_view (person_id, name, query, created_at)
                select :person, :name, :query, :now
                 where (select count(*) from saved_view where person_id = :person and name <> :name) < :most
                on conflict (person_id, name) do update set query = excluded.query
                """)
            .param("person", person)
            .param("name", view.name())
            .param("query", view.query())
            .param("now", clock.instant().atOffset(ZoneOffset.UTC))
            .param("most", MOST)
            .update()
        == 1;
  }

  public void forget(long person, String name) {
    jdbc.sql("delete from saved_view where person_id = ? and name = ?")
        .params(person, name)
        .update();
  }
}
