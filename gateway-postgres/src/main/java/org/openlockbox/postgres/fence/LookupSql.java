package org.openlockbox.postgres.fence;

import java.util.stream.Collectors;
import org.openlockbox.core.access.Level;
import org.openlockbox.postgres.catalogue.Levels;
import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.SqlQuoting;
import org.openlockbox.postgres.catalogue.TableSpec;
import org.openlockbox.postgres.catalogue.ViewSet;

/// The functions for masked columns in which a session may look for a value: the rows of the masked
/// view with this value. Each call takes half a second, so that values cannot be tried by the
/// thousand.
final class LookupSql {
  private static final String BODY = "$lookup$";

  private final ViewSql views;

  LookupSql(ViewSql views) {
    this.views = views;
  }

  String create(ViewSet set, TableSpec table) {
    return table.lookups().stream()
        .map(column -> lookup(set, table, views.column(table.name(), column)))
        .collect(Collectors.joining());
  }

  private String lookup(ViewSet set, TableSpec table, SchemaColumn column) {
    String function =
        "%s.%s(%s)"
            .formatted(
                SqlQuoting.name(set.schema(Level.MASKED)),
                SqlQuoting.name(table.lookup(column.name())),
                column.type().cast());
    String body =
        """

          select pg_sleep(0.5);
          select %s
            from %s
           where %s
             and %s %s $1;
        """
            .formatted(
                views.columns(Level.MASKED, table),
                table.name().sql(),
                views.filter(table),
                ViewSql.value("", column),
                column.key().equality());
    return """
    create function %1$s returns setof %2$s
    language sql volatile security definer parallel unsafe rows 1
    set search_path = pg_catalog, pg_temp
    as %3$s;
    alter function %1$s owner to lb_view;
    revoke all on function %1$s from public;
    grant execute on function %1$s to %4$s;

    """
        .formatted(
            function, set.view(Level.MASKED, table), quoted(body), Levels.role(Level.MASKED));
  }

  /// To be read by people, unless a name in it would end it.
  private static String quoted(String body) {
    return body.contains(BODY) ? SqlQuoting.text(body) : BODY + body + BODY;
  }
}
